package dev.coxswain.supervisor.simulator.studio;

/** A call that breaks the contract: its status and what to say. */
final class RefusedException extends RuntimeException {
    private final int status;

    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
