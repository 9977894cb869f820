package dev.coxswain.supervisor.controlplane.xenonflare;

/** One kind of call of a xenonflare protocol. */
interface Operation {
    /** Its label in the metrics. */
    String label();

    /** Its function path, with a leading slash. */
    String path();
}
