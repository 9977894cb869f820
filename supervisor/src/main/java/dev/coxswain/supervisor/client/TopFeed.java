package dev.coxswain.supervisor.client;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/** What {@code cox top} shows, each second anew: the fleet, its running jobs, and what happened lately. */
public final class TopFeed {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int MOST_JOBS = 100;
    private static final int MOST_EVENTS = 20;

    private final AdminClient client;
    private final Scheduler timer;

    public TopFeed(AdminClient client, Scheduler timer) {
        this.client = client;
        this.timer = timer;
    }

    /** One look, without events. Fails with an {@link AdminException}. */
    public Mono<Snapshot> once() {
        return look().map(look -> Snapshot.EMPTY.with(look));
    }

    /**
     * A look each second, until it is cancelled. One that fails is told in the snapshot, beside what was last seen; events
     * are followed again after 2 s when they end.
     */
    public Flux<Snapshot> live() {
        Flux<Change> looks = Flux.interval(Duration.ZERO, EVERY, timer).onBackpressureDrop()
                .concatMap(tick -> look().cast(Change.class)
                        .onErrorResume(AdminException.class,
                                e -> Mono.just(new Change.Failed(String.valueOf(e.getMessage())))),
                        1);
        Flux<Change> events = client.events().<Change>map(Change.Happened::new)
                .concatWith(Mono.error(() -> new AdminException(AdminException.Kind.GONE, "the events ended")))
                .retryWhen(Retry.fixedDelay(Long.MAX_VALUE, EVERY.multipliedBy(2)).scheduler(timer));
        return Flux.merge(looks, events).scan(Snapshot.EMPTY, Snapshot::with).filter(Snapshot::looked);
    }

    private Mono<Change.Looked> look() {
        return Mono.zip(client.readStatus(), client.jobs(null, null, MOST_JOBS),
                (status, jobs) -> new Change.Looked(status,
                        jobs.items().stream().map(item -> Views.read(item, Answers.Job.class))
                                .filter(job -> !job.state().equals("ended")).toList()));
    }

    /** What can be new. */
    sealed interface Change {
        record Looked(Answers.Status status, List<Answers.Job> jobs) implements Change {}

        record Failed(String why) implements Change {}

        record Happened(Answers.Event event) implements Change {}
    }

    /**
     * What is shown at one moment.
     *
     * @param looked whether the newest change was a look, not an event
     * @param status the last one seen, or null before the first
     * @param failure why the newest look failed, or null
     * @param events the newest first
     */
    public record Snapshot(boolean looked, Answers.@Nullable Status status, List<Answers.Job> jobs,
            @Nullable String failure, List<Answers.Event> events) {
        static final Snapshot EMPTY = new Snapshot(false, null, List.of(), null, List.of());

        Snapshot with(Change change) {
            return switch (change) {
                case Change.Looked(var seen, var running) -> new Snapshot(true, seen, running, null, events);
                case Change.Failed(var why) -> new Snapshot(true, status, jobs, why, events);
                case Change.Happened(var event) -> new Snapshot(false, status, jobs, failure,
                        Stream.concat(Stream.of(event), events.stream()).limit(MOST_EVENTS).toList());
            };
        }
    }
}
