package dev.coxswain.supervisor.coderunner;

import java.util.UUID;

/**
 * Who calls.
 *
 * @param tenant the workspace: every look-up carries it
 * @param user is only recorded
 */
record Caller(UUID tenant, String user) {}
