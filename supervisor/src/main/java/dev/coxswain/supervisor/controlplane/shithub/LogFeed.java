package dev.coxswain.supervisor.controlplane.shithub;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.StepMark;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Log and steps of one job (contract shithub-actions 6, 7): both streams of a step in one sequence, all of it before the
 * step's end is told, since later bytes are taken and lost (trap 18). Output outside of any step waits for the next one.
 * Called for one batch after another; a repeated batch goes on where it stopped.
 */
final class LogFeed implements JobFeed {
    /** Output between steps that is kept for the next one. */
    static final int MOST_BETWEEN = 256 << 10;
    private static final Logger LOG = LoggerFactory.getLogger(LogFeed.class);

    private final Calls calls;
    private final TokenChain chain;
    private final long job;
    private final Steps steps;
    private final BooleanSupplier cancelled;
    private final ByteArrayOutputStream between = new ByteArrayOutputStream();
    /** Of all steps so far: one that goes on later goes on counting (trap 16). */
    private final Map<Long, StepLog> logs = new HashMap<>();
    private @Nullable StepLog open;
    private long lost;

    /** One request of a batch. */
    private static final class Sending {
        final Mono<Void> call;
        boolean done;

        Sending(Mono<Void> call) {
            this.call = call;
        }
    }

    /** @param cancelled whether a cancel was heard of: then no step's status is told any more (section 16.10) */
    LogFeed(Calls calls, TokenChain chain, long job, Steps steps, BooleanSupplier cancelled) {
        this.calls = calls;
        this.chain = chain;
        this.job = job;
        this.steps = steps;
        this.cancelled = cancelled;
    }

    @Override
    public Duration batchTime() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Mono<Void> send(List<FeedItem> batch) {
        List<Sending> sendings = new ArrayList<>();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        for (FeedItem item : batch) {
            switch (item) {
                case FeedItem.Output(var stream, var bytes) -> output.writeBytes(bytes);
                case FeedItem.Skipped(var bytes) -> lose(bytes, "it wrote more than was kept");
                case FeedItem.Step(var mark) -> {
                    write(output, sendings);
                    mark(mark, sendings);
                }
            }
        }
        write(output, sendings);
        return inOrder(sendings);
    }

    @Override
    public Mono<Void> end() {
        List<Sending> sendings = new ArrayList<>();
        close(sendings);
        if (between.size() > 0) {
            lose(between.size(), "it belongs to no step");
            between.reset();
        }
        return inOrder(sendings);
    }

    private void write(ByteArrayOutputStream output, List<Sending> sendings) {
        if (output.size() == 0) {
            return;
        }
        StepLog log = open;
        if (log != null) {
            chunks(log.add(output.toByteArray()), sendings);
        } else {
            int room = Math.min(output.size(), MOST_BETWEEN - between.size());
            between.write(output.toByteArray(), 0, room);
            if (room < output.size()) {
                lose(output.size() - room, "it belongs to no step");
            }
        }
        output.reset();
    }

    private void mark(StepMark mark, List<Sending> sendings) {
        Long id = steps.id(mark.step().name());
        if (id == null) {
            // one of the workload's own (cleaning up, say): nothing is told of it, and its output goes to the next one
            close(sendings);
            return;
        }
        StepLog log = open;
        if (log == null || log.step() != id) {
            close(sendings);
            log = logs.computeIfAbsent(id, StepLog::new);
            open = log;
        }
        switch (mark.step()) {
            case ExecutionEvent.StepStarted started -> {
                sendings.add(status(id, mark));
                begin(log, sendings);
            }
            case ExecutionEvent.StepEnded ended -> {
                close(sendings);
                sendings.add(status(id, mark));
            }
        }
    }

    private void begin(StepLog log, List<Sending> sendings) {
        if (between.size() > 0) {
            chunks(log.add(between.toByteArray()), sendings);
            between.reset();
        }
    }

    private void close(List<Sending> sendings) {
        StepLog log = open;
        if (log != null) {
            chunks(log.flush(), sendings);
            open = null;
        }
    }

    private void lose(long bytes, String why) {
        if (lost == 0) {
            LOG.warn("a part of a job's log can't be told to its control plane, {}: job={} bytes={}", why, job, bytes);
        }
        lost += bytes;
    }

    private void chunks(List<StepLog.Chunk> chunks, List<Sending> sendings) {
        for (StepLog.Chunk chunk : chunks) {
            sendings.add(new Sending(chain.call(calls.job(Operation.LOGS, job, "/logs",
                    () -> calls.object().put("seq", chunk.seq()).put("step_id", chunk.step())
                            .put("chunk", Base64.getEncoder().encodeToString(chunk.bytes()))))
                    .then()));
        }
    }

    private Sending status(long id, StepMark mark) {
        return new Sending(Mono.defer(() -> {
            Steps.Report report = cancelled.getAsBoolean() ? null : steps.report(id, mark);
            return report == null ? Mono.empty() : tell(id, report);
        }));
    }

    /** One attempt to tell a step's status. */
    Mono<Void> tell(long id, Steps.Report report) {
        return chain
                .call(calls.job(Operation.STEP, job, "/steps/" + id + "/status", () -> body(calls.object(), report)))
                .doOnNext(taken -> {
                    if (report.isTerminal()) {
                        steps.reported(id);
                    }
                }).then();
    }

    private static ObjectNode body(ObjectNode body, Steps.Report report) {
        body.put("status", report.status());
        put(body, "conclusion", report.conclusion());
        put(body, "started_at", time(report.begun()));
        put(body, "completed_at", time(report.ended()));
        return body;
    }

    private static void put(ObjectNode body, String key, @Nullable String value) {
        if (value != null) {
            body.put(key, value);
        }
    }

    static @Nullable String time(@Nullable Instant at) {
        return at == null ? null : at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** What was taken is not sent again: a step that has ended must not begin anew. */
    private static Mono<Void> inOrder(List<Sending> sendings) {
        return Flux.fromIterable(sendings).filter(sending -> !sending.done)
                .concatMap(sending -> sending.call.doOnSuccess(taken -> sending.done = true), 1).then();
    }
}
