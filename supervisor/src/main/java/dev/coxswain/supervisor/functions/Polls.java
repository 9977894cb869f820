package dev.coxswain.supervisor.functions;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Asks until something holds: after 1 s, then in pauses half as long again, 5 s at most (contract coderunner 13). */
final class Polls {
    /** For what a Coderunner does by itself. */
    static final Duration USUAL = Duration.ofMinutes(10);
    private static final double FACTOR = 1.5;
    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 5_000;

    private Polls() {}

    /** @param what for the message when it takes longer than {@code most} */
    static <T> Mono<T> until(Mono<T> question, Predicate<T> done, String what, Duration most, Scheduler timer) {
        return question.filter(done)
                .repeatWhenEmpty(rounds -> rounds.concatMap(round -> Mono.delay(pause(round), timer), 1))
                .timeout(most, timer).onErrorMap(TimeoutException.class, e -> new CoderunnerException(Kind.FAILED,
                        what + " was not there after " + most.toMinutes() + " minutes", 0, e));
    }

    static Duration pause(long round) {
        return Duration.ofMillis(
                (long) Math.min(LONGEST_MILLIS, FIRST_MILLIS * Math.pow(FACTOR, (double) Math.min(round, 20))));
    }
}
