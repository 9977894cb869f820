package dev.coxswain.supervisor.simulator;

/**
 * A request in flight that must be the only one of its kind: a lease request of a token, or a call under a token that
 * serves one call. Only one whose answer found its client can have been overlapped: a client that gave up,
 * closed its connection and asks again on another one has nothing in flight any more, whichever of the two this side
 * hears of first.
 */
final class LeaseCall {
    final String protocol;
    final String holder;
    private boolean overlapped;

    LeaseCall(String protocol, String holder) {
        this.protocol = protocol;
        this.holder = holder;
    }

    synchronized void overlaps() {
        overlapped = true;
    }

    synchronized boolean overlapped() {
        return overlapped;
    }
}
