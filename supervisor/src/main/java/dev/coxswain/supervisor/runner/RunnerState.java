package dev.coxswain.supervisor.runner;

import java.util.Locale;

/** What a runner is doing, as it is called everywhere (metrics, admin API, console). */
public enum RunnerState {
    /** waits for its next lease request */
    IDLE,
    /** has a lease request in flight */
    POLLING,
    /** holds a lease whose job has not started yet */
    LEASED,
    /** its job runs or uploads */
    RUNNING,
    /** reports the end of its job */
    SETTLING,
    /** an operator told it to take nothing new */
    PAUSED,
    /** its credential was refused; tried again slowly */
    QUARANTINED,
    /** takes nothing new because the supervisor drains */
    DRAINING,
    /** does nothing any more */
    STOPPED;

    /** The name in metrics and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
