package dev.coxswain.supervisor.runner;

import dev.coxswain.supervisor.controlplane.Outcome;

/** Why a running job must stop before its own end. The first one counts; a lost lease overtakes a cancel. */
sealed interface Stop {
    /** One line for people. */
    String reason();

    /** Somebody wants it: TERM, grace, KILL, then a report. */
    record Cancel(Outcome.Cause cause, String reason) implements Stop {}

    /** The lease is gone, or so near its end that we let go of it: KILL at once, nothing more is sent. */
    record LeaseOver(boolean fenced, String reason) implements Stop {}
}
