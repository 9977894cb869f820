package dev.coxswain.supervisor.simulator;

/** A call that breaks the contract: what to answer. The endpoints of a {@link QueuedControlPlane} throw it. */
public final class RefusedException extends RuntimeException {
    private final Answer answer;

    /** @param message what is wrong; shows nothing of the content */
    public RefusedException(String message, Answer answer) {
        super(message);
        this.answer = answer;
    }

    /** The same with a body of {@code {"error": message}}. */
    public static RefusedException of(int status, String message) {
        return new RefusedException(message, Answer.error(status, message));
    }

    public Answer answer() {
        return answer;
    }
}
