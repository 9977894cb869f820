package dev.coxswain.supervisor.controlplane;

/** A job's result breaks the control plane's rules; the message is one line that the job's owner understands. */
public final class InvalidResultException extends Exception {
    public InvalidResultException(String message) {
        super(message);
    }
}
