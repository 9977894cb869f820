package dev.coxswain.executors.function;

/** A process ended before it heard of the call: that one can be made in another. */
final class NotTakenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotTakenException() {
        super("the process ended before the call began", null, false, false);
    }
}
