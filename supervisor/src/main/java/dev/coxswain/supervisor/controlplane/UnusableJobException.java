package dev.coxswain.supervisor.controlplane;

/** What a control plane delivered can't be run; the message is one line for the job's owner, and is reported as its end. */
public final class UnusableJobException extends RuntimeException {
    public UnusableJobException(String message) {
        super(message);
    }
}
