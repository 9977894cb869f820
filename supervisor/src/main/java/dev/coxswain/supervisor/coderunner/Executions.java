package dev.coxswain.supervisor.coderunner;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.ExecutionEvent.Streamed;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.coderunner.ExecutionOrder;
import dev.coxswain.supervisor.controlplane.coderunner.ExecutionQueue;
import dev.coxswain.supervisor.controlplane.coderunner.LogLine;
import dev.coxswain.supervisor.controlplane.coderunner.Wish;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * All executions that have not ended: they wait here for runners, and whoever waits for one hears of its end here. Each is
 * handed out once at most.
 */
final class Executions implements ExecutionQueue {
    /** A runner that says nothing for so long is lost; it beats every half second. */
    static final Duration SILENCE = Duration.ofSeconds(60);
    private static final Logger LOG = LoggerFactory.getLogger(Executions.class);

    private final Store store;
    private final Scheduler files;
    private final CodeFolders folders;
    private final Orders orders;
    private final LogFolder logs;
    private final FleetClock clock;
    private final Scheduler completions;
    private final LiveExecutions live;
    /** Whoever takes no piece of a result for so long gets no more. */
    private final Duration slowestCaller;

    Executions(Store store, Scheduler files, CodeFolders folders, LogFolder logs, CoderunnerLimits limits,
            FleetClock clock, Scheduler completions) {
        this.store = store;
        this.files = files;
        this.folders = folders;
        this.orders = new Orders(folders);
        this.logs = logs;
        this.clock = clock;
        this.completions = completions;
        this.live = new LiveExecutions(limits, clock);
        this.slowestCaller = limits.functionTimeout();
    }

    /**
     * Stores an execution and queues it; a repeated one is not run again. Fails with a {@link Refusal} when there is no
     * place. Cancelling before it emits leaves open whether it will run.
     */
    Mono<Ticket> submit(Submission asked) {
        return Mono.defer(() -> {
            Submission.Repeat repeat = asked.repeat();
            return repeat == null
                    ? start(asked)
                    : store.read(sql -> Repeats.find(sql, asked.definition().tenant(), repeat, clock.now()))
                            .map(this::repeated).switchIfEmpty(Mono.defer(() -> start(asked)));
        });
    }

    private Mono<Ticket> start(Submission asked) {
        UUID id = asked.id();
        Execution row = asked.execution(clock.now());
        LiveExecution it = new LiveExecution(row, asked.streams());
        live.reserve(it, asked.mayBeRefused());
        Mono<Void> payload = Orders.isLarge(asked)
                ? onFiles(() -> Files.writeString(folders.payload(id), asked.payload()))
                : Mono.empty();
        return payload.then(Mono.defer(() -> {
            it.document = orders.document(asked, id);
            return stored(asked, row, it);
        })).flatMap(ticket -> ticket.id().equals(id) ? Mono.just(ticket) : withoutPayload(id).thenReturn(ticket))
                .onErrorResume(e -> withoutPayload(id).then(Mono.error(e))).doFinally(end -> live.giveUp(it));
    }

    private Mono<Void> withoutPayload(UUID id) {
        return onFiles(() -> Files.deleteIfExists(folders.payload(id))).onErrorResume(e -> {
            LOG.warn("a payload file was left behind: {}", e.getMessage());
            return Mono.empty();
        });
    }

    private Mono<Ticket> stored(Submission asked, Execution row, LiveExecution it) {
        AtomicBoolean begunBefore = new AtomicBoolean();
        Store.Work<Ticket> work = sql -> {
            Submission.Repeat repeat = asked.repeat();
            if (repeat != null) {
                Execution first = Repeats.remember(sql, row, repeat);
                if (first != null) {
                    begunBefore.set(true);
                    return repeated(first);
                }
            }
            ExecutionRows.insert(sql, row, asked.kind().word(), it.document);
            return null;
        };
        // queued where it is stored, so that nobody who goes away meanwhile leaves it stored and not queued
        Runnable queued = () -> {
            if (!begunBefore.get()) {
                live.queue(it);
            }
        };
        return (it.isDurable() ? store.write(work, queued) : store.note(work, queued))
                .defaultIfEmpty(ticket(it));
    }

    private Ticket ticket(LiveExecution it) {
        return new Ticket(it.id(), ExecutionStatus.PENDING, it.started().asMono().publishOn(completions),
                it.result(), it.end().asMono().publishOn(completions));
    }

    private Ticket repeated(Execution first) {
        LiveExecution it = live.find(first.id());
        return it == null
                ? new Ticket(first.id(), first.status(), Mono.empty(), new ResultStream(false), Mono.empty())
                : new Ticket(first.id(), first.status(), it.started().asMono().publishOn(completions),
                        it.result(), it.end().asMono().publishOn(completions));
    }

    @Override
    public Flux<Integer> arrivals() {
        return live.arrivals();
    }

    /** How many wait for a runner. */
    int waiting() {
        return live.waiting();
    }

    @Override
    public @Nullable ExecutionOrder take(String runner) {
        return live.take(runner);
    }

    @Override
    public Mono<Boolean> begin(UUID id) {
        return Mono.defer(() -> {
            LiveExecution it = live.find(id);
            return it == null
                    ? Mono.just(false)
                    : store.note(sql -> ExecutionRows.begin(sql, id, it.runner, clock.now()))
                            .doOnNext(begun -> it.started().tryEmitEmpty());
        });
    }

    @Override
    public Wish beat(UUID id) {
        return live.beat(id);
    }

    @Override
    public Mono<Void> log(UUID id, List<LogLine> lines) {
        return Mono.defer(() -> {
            LiveExecution it = live.find(id);
            return it == null ? Mono.empty() : logs.append(it, lines);
        });
    }

    @Override
    public Mono<Void> streamed(UUID id, Streamed piece) {
        return Mono.defer(() -> {
            LiveExecution it = live.find(id);
            return it == null
                    ? Mono.empty()
                    : it.result().take(piece).timeout(slowestCaller, Mono.fromRunnable(it.result()::leave),
                            completions);
        });
    }

    @Override
    public Mono<Boolean> settle(UUID id, Outcome outcome, boolean former) {
        return Mono.defer(() -> {
            LiveExecution it = live.find(id);
            ExecutionEnd wished = live.wished(id);
            ExecutionEnd end = wished != null && outcome instanceof Outcome.Fail(var cause, var message)
                    && cause == Outcome.Cause.CANCELLED ? wished : ExecutionEnd.of(outcome, former);
            return end(id, end, it == null || it.isDurable());
        });
    }

    /** Ends it now, whatever its runner does. */
    private Mono<Boolean> end(UUID id, ExecutionEnd end, boolean durable) {
        Store.Work<Boolean> work = sql -> ExecutionRows.end(sql, id, end, clock.now());
        return (durable ? store.write(work, () -> ended(id, end)) : store.note(work, () -> ended(id, end)))
                .flatMap(stored -> withoutPayload(id).thenReturn(stored));
    }

    private void ended(UUID id, ExecutionEnd end) {
        LiveExecution it = live.remove(id);
        if (it != null) {
            it.result().over(end);
            it.end().tryEmitValue(end);
            it.started().tryEmitEmpty();
            logs.ended(id);
        }
    }

    /**
     * Stops it: at once when it waits, through its runner otherwise. Emits false when it had ended before.
     *
     * @param end what is said of it then
     */
    Mono<Boolean> stop(UUID id, ExecutionEnd end) {
        return Mono.defer(() -> switch (live.stop(id, end)) {
            case ENDED_BEFORE -> Mono.just(false);
            case ASKED -> Mono.just(true);
            // nobody would hand it out any more
            case OUT_OF_THE_QUEUE -> Unbroken.of(end(id, end, true));
        });
    }

    /**
     * Its caller has gone: stops it if it waits for a runner, also when it is only about to be queued. What runs is let run,
     * and nobody takes its result.
     */
    Mono<Boolean> leave(UUID id, ExecutionEnd end) {
        // behind whatever the store does for it at this moment
        return store.read(sql -> {
            LiveExecution it = live.find(id);
            if (it != null) {
                it.result().leave();
            }
            return live.isWaiting(id);
        }).flatMap(waits -> waits ? stop(id, end) : Mono.just(false));
    }

    /** Declares lost those whose runner is silent. */
    Mono<Void> watch() {
        return Flux.defer(() -> Flux.fromIterable(live.silent(SILENCE))).concatMap(id -> {
            LOG.warn("an execution's runner has not been heard of for {} s: execution={}", SILENCE.toSeconds(), id);
            return end(id, ExecutionEnd.failed(ExecutionEnd.RUNNER_LOST, "its runner has not been heard of for "
                    + SILENCE.toSeconds() + " s"), true);
        }).then();
    }

    /**
     * Takes up what a former life left: what ran is lost, what waited and was promised an end waits again, and what only
     * its caller wanted to know is over.
     */
    Mono<Void> recover() {
        return store.read(ExecutionRows::left).flatMapMany(Flux::fromIterable).concatMap(left -> {
            Execution row = left.execution();
            String document = left.document();
            if (row.status() == ExecutionStatus.PROCESSING) {
                return end(row.id(), ExecutionEnd.failed(ExecutionEnd.RUNNER_LOST,
                        "the supervisor was restarted while it ran"), true).then();
            }
            if (document == null || row.trigger() == Trigger.HTTP || row.trigger() == Trigger.DEPLOYMENT) {
                return end(row.id(), ExecutionEnd.cancelled("Restarted",
                        "the supervisor was restarted before it began"), true).then();
            }
            return Mono.<Void>fromRunnable(() -> {
                LiveExecution it = new LiveExecution(row, false);
                it.document = document;
                it.state = LiveExecution.State.GONE;
                live.queue(it);
            });
        }).then();
    }

    private Mono<Void> onFiles(Callable<?> work) {
        return Mono.fromCallable(work).subscribeOn(files).then();
    }
}
