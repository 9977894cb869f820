package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.journal.Journal;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Leases of a former life whose runner is no longer configured. Nobody here has the credential to end them, so they run out
 * at their control planes. For a day they stay in the journal, since the runner may come back (a credentials file that was
 * half written, a pool that was commented out); then they are abandoned.
 */
final class Masterless {
    /** Counted from the lease: the journal knows no later moment of it. */
    static final Duration KEPT = Duration.ofDays(1);

    private static final int NAMED = 10;
    private static final Logger LOG = LoggerFactory.getLogger(Masterless.class);

    private Masterless() {}

    /** Ends the old ones in the journal and tells of the others. Never fails. Cancelling leaves the rest to the next start. */
    static Mono<Void> end(List<LeaseRecord> leases, Journal journal, FleetClock clock) {
        return Mono.defer(() -> {
            Instant oldest = clock.now().minus(KEPT);
            Map<Boolean, List<LeaseRecord>> byAge = leases.stream()
                    .collect(Collectors.partitioningBy(lease -> lease.leasedAt().isBefore(oldest)));
            List<LeaseRecord> young = byAge.getOrDefault(false, List.of());
            if (!young.isEmpty()) {
                LOG.warn(
                        "leases of a former life whose runner is no longer configured, they run out by themselves: {}, of runners {}",
                        young.size(), young.stream().map(lease -> lease.controlPlane() + "/" + lease.runner())
                                .distinct().limit(NAMED).toList());
            }
            return Flux.fromIterable(byAge.getOrDefault(true, List.of())).concatMap(lease -> abandon(lease, journal))
                    .then();
        });
    }

    private static Mono<Void> abandon(LeaseRecord lease, Journal journal) {
        return journal.settled(lease.key()).doOnSuccess(done -> LOG.info(
                "lease of a former life abandoned, its runner has not been configured for a day: job={} controlPlane={} runner={}",
                lease.key(), lease.controlPlane(), lease.runner())).onErrorResume(failure -> {
                    LOG.error("end not journaled: job={} {}", lease.key(), failure.getMessage());
                    return Mono.empty();
                });
    }
}
