package dev.coxswain.supervisor.runner;

/** What keeping a lease brings to light. */
sealed interface LeaseSignal {
    /** A heartbeat renewed it. */
    record Renewed() implements LeaseSignal {}

    /** The control plane wants the job stopped; the lease goes on. */
    record CancelRequested(String reason) implements LeaseSignal {}

    /** The control plane says that the lease is gone. The last signal. */
    record Lost(String reason) implements LeaseSignal {}

    /** No renewal came in time: we let go of it before it can expire there. The last signal. */
    record Fenced(String reason) implements LeaseSignal {}
}
