package dev.coxswain.supervisor.runner;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.http.RetryPolicy;
import dev.coxswain.supervisor.logs.JobLog;
import dev.coxswain.supervisor.logs.LogException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Takes a job's log and steps to its control plane while the job runs. It reads the log as one more follower, so a control
 * plane that is slow or away never holds up the job: what it has not taken yet waits in the log's own spill, and nowhere
 * else. After the job's end it has {@link #PATIENCE} for the rest; then the final report goes out without it.
 */
final class Feeding {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(Feeding.class);
    /** Chunks of 64 KiB at most; while a batch is in flight no more than another one is read. */
    private static final int MOST_CHUNKS = JobFeed.MOST_BATCH_BYTES / (64 << 10);
    private static final RetryPolicy PAUSES = new RetryPolicy(Integer.MAX_VALUE, Duration.ofMillis(500),
            Duration.ofSeconds(15));

    private final RunnerServices services;
    private final HeldLease held;
    private final JobFeed feed;
    private final Consumer<String> lost;

    /** @param lost told once, when the control plane says that the lease is gone */
    Feeding(RunnerServices services, HeldLease held, JobFeed feed, Consumer<String> lost) {
        this.services = services;
        this.held = held;
        this.feed = feed;
        this.lost = lost;
    }

    /**
     * The work with its log fed beside it: emits the work's verdict when the log has ended and has been taken over, when the
     * patience is over, or at once when nothing may be sent any more. Cancelling ends both.
     */
    Mono<Verdict> beside(JobLog log, Mono<Verdict> work) {
        Sinks.One<Verdict> worked = Sinks.one();
        Mono<Void> stop = worked.asMono().flatMap(verdict -> switch (verdict) {
            case Verdict.Over over -> Mono.empty();
            case Verdict.Report report -> Mono.delay(PATIENCE, services.leaseTimer()).doOnNext(late -> LOG.warn(
                    "the rest of the log was not taken in {} s, reporting without it: job={}", PATIENCE.toSeconds(),
                    key())).then();
        });
        Mono<Boolean> fed = fed(log).takeUntilOther(stop.thenReturn(true)).thenReturn(true);
        Mono<Verdict> verdict = work.delayUntil(done -> log.end().onErrorResume(LogException.class, failure -> {
            LOG.warn("log not ended: job={} {}", key(), failure.getMessage());
            return Mono.empty();
        })).doOnNext(worked::tryEmitValue);
        // the feed first: work that writes at once would be ahead of it, and what it missed is missing for good
        return Mono.zip(fed, verdict, (all, done) -> done);
    }

    private Mono<Void> fed(JobLog log) {
        return Flux.defer(() -> batches(log.feed())).concatMap(batch -> through(feed.send(batch)), 1)
                .then(Mono.defer(() -> through(feed.end()))).onErrorResume(this::over);
    }

    /** Each call is repeated as long as it takes: an outage of the control plane is no reason to lose a line. */
    private Mono<Void> through(Mono<Void> call) {
        return held.guarded(call).retryWhen(PAUSES.on(ControlPlaneException.class, ControlPlaneException::mayPass,
                ControlPlaneException::retryAfter, services.leaseTimer(), services.random()));
    }

    /** What came in the same while goes together. */
    private Flux<List<FeedItem>> batches(Flux<List<FeedItem>> log) {
        return log.bufferTimeout(MOST_CHUNKS, feed.batchTime(), services.leaseTimer(), true)
                .map(chunks -> chunks.stream().flatMap(List::stream).toList());
    }

    private Mono<Void> over(Throwable failure) {
        switch (failure) {
            case ControlPlaneException.LeaseLost gone -> lost.accept(String.valueOf(gone.getMessage()));
            case ControlPlaneException refused ->
                LOG.warn("the control plane takes no more of the log, the job goes on: job={} {}", key(),
                        refused.getMessage());
            default -> LOG.error("the log is no longer taken to the control plane: job={}", key(), failure);
        }
        return Mono.empty();
    }

    private String key() {
        return held.lease().job().key();
    }
}
