package dev.coxswain.executors.git;

import java.time.Duration;
import java.util.function.Predicate;

import reactor.util.retry.Retry;

/** The time that a checkout may take; its owner's clock and timer. */
public interface GitLimit {
    /** What is left, at least a millisecond; throws its owner's own exception when nothing is. */
    Duration left();

    /** Tries so many times more what fails like that, with pauses. */
    Retry again(int times, Predicate<Throwable> such);
}
