package dev.coxswain.supervisor.http;

/** An answer that is longer than the caller reads; the connection was closed. It would be as long the next time. */
public final class AnswerTooLongException extends CallException {
    public AnswerTooLongException(String message) {
        super(message, null);
    }
}
