package dev.coxswain.executors.deliverable;

/**
 * A deliverable, or a whole answer, breaks the rules. The message is one line that names the place, what is wrong there and
 * the limit, so that whoever made it, a model too, can make it better.
 */
public final class InvalidDeliverableException extends Exception {
    public InvalidDeliverableException(String message) {
        super(message);
    }
}
