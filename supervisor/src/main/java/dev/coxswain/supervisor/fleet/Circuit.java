package dev.coxswain.supervisor.fleet;

/** What a {@link Breaker} is doing. Times are monotonic nanoseconds. */
sealed interface Circuit {
    /** Requests leave as they are due. */
    record Closed(int failuresInRow) implements Circuit {}

    /** Nothing leaves until that moment. */
    record Open(int probes, long untilNanos) implements Circuit {}

    /** Half-open: one request is out to see; when it hangs, another one may follow. */
    record Probing(int probes, long sentNanos, long patientUntilNanos) implements Circuit {}

    /** The name in the admin API. */
    default String label() {
        return switch (this) {
            case Closed closed -> "closed";
            case Probing probing -> "half_open";
            case Open open -> "open";
        };
    }

    /** The value of the gauge {@code control_plane_circuit_state}. */
    default int number() {
        return switch (this) {
            case Closed closed -> 0;
            case Probing probing -> 1;
            case Open open -> 2;
        };
    }
}
