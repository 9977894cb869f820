package dev.coxswain.supervisor;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;

/** How a run ends: somebody asks for a drain, which has a grace; or a limit is reached, and jobs end in their own time. */
final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    /** Every job has a time limit of its own. */
    private static final Duration OWN_TIME = Duration.ofDays(365);

    private final Mono<Void> asked;
    private final Mono<String> limit;
    private final Mono<Void> signalled;
    private final Supplier<Duration> grace;
    private final Function<Duration, Mono<Integer>> drained;

    /**
     * @param asked completes when somebody asks for a drain
     * @param limit emits what was reached
     * @param signalled completes when a signal asks for the end
     * @param grace how long jobs may go on when the end was asked for
     * @param drained drains within that time and emits the jobs cancelled; may be subscribed to again, for another time
     */
    Ending(Mono<Void> asked, Mono<String> limit, Mono<Void> signalled, Supplier<Duration> grace,
            Function<Duration, Mono<Integer>> drained) {
        this.asked = asked;
        this.limit = limit;
        this.signalled = signalled;
        this.grace = grace;
        this.drained = drained;
    }

    /** Waits for the end; emits how many jobs had to be cancelled. */
    Mono<Integer> ended() {
        return Mono.firstWithSignal(asked.then(Mono.fromSupplier(() -> inGrace())), limit.map(this::inOwnTime))
                .flatMap(drain -> drain);
    }

    private Mono<Integer> inGrace() {
        return Mono.defer(() -> drained.apply(grace.get()));
    }

    /** A signal that comes meanwhile means what it always means: from then on the grace runs. */
    private Mono<Integer> inOwnTime(String reached) {
        LOG.info("{}: leasing no more, what runs goes on to its end", reached);
        return Mono.firstWithSignal(drained.apply(OWN_TIME), signalled.then(inGrace()));
    }
}
