package dev.coxswain.supervisor.coderunner.access;

import java.util.UUID;

/** What came of a look at a request's three headers. */
public sealed interface Verdict {
    /** It may go on, for this workspace. */
    record Accepted(UUID tenant, String user) implements Verdict {}

    /**
     * It may not.
     *
     * @param status 400, 401, 403 or 503
     * @param message for people; holds nothing of a token
     */
    record Refused(int status, String message) implements Verdict {}
}
