package dev.coxswain.supervisor.controlplane.coderunner;

import java.util.UUID;

/**
 * An execution that was handed to a runner.
 *
 * @param document what the workload gets, a JSON text
 */
public record ExecutionOrder(UUID id, String document) {}
