package dev.coxswain.supervisor.coderunner.archive;

/** An archive that is not unpacked; the message is one line for its owner and names the entry. */
public final class ArchiveException extends Exception {
    ArchiveException(String message) {
        super(message);
    }
}
