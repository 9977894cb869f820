package dev.coxswain.supervisor.cli;

/** Something the user can mend; the message says how. */
final class CliException extends RuntimeException {
    CliException(String message) {
        super(message);
    }
}
