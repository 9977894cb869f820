package dev.coxswain.supervisor.runner;

import dev.coxswain.supervisor.controlplane.Outcome;

/** What the work on a lease came to, before anything of it is reported. */
sealed interface Verdict {
    /** The end is known and will be reported. */
    record Report(Outcome outcome) implements Verdict {}

    /** The lease is over: nothing is sent. */
    record Over(String reason) implements Verdict {}

    /** A report that the job failed. */
    static Verdict failure(String message) {
        return new Report(new Outcome.Fail(Outcome.Cause.FAILURE, message));
    }
}
