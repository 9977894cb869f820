package dev.coxswain.supervisor.simulator.git;

/** A request that is none of a fetch, or wants what is not there; the message says which, and shows nothing of it. */
public final class GitRequestException extends RuntimeException {
    GitRequestException(String message) {
        super(message);
    }
}
