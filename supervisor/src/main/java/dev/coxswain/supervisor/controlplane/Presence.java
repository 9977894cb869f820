package dev.coxswain.supervisor.controlplane;

/** What a runner is doing, for control planes that want to know of each runner whether it has a job or not. */
public enum Presence {
    /** it waits for a job */
    IDLE,
    /** it has a job */
    BUSY,
    /** it takes no job any more: it is paused, or the fleet drains */
    DRAINING,
    /** it ends; the last word */
    GONE
}
