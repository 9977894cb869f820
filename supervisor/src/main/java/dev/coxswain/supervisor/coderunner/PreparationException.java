package dev.coxswain.supervisor.coderunner;

/** Code that can't be run; the message is one line for its owner. */
final class PreparationException extends RuntimeException {
    PreparationException(String message) {
        super(message, null, false, false);
    }
}
