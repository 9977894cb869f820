package dev.coxswain.executors.responses;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import dev.coxswain.executors.Briefing;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A workload before a scripted model, with meters that count. */
final class ModelBench implements AutoCloseable {
    static final String KEY = "sk-very-secret-0123456789";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final ScriptedModel model = new ScriptedModel();
    final Counted meters = new Counted();

    ResponsesConfig config() {
        return new ResponsesConfig("model-a", "model-s", model.baseUrl(), KEY, 8, Duration.ofMinutes(10),
                Duration.ofMinutes(30), new Prices(1, 0.5, 10), Prices.NONE);
    }

    /** Pauses between attempts take no time worth telling in tests that don't look at them. */
    ResponsesWorkload workload() {
        return workload(UnaryOperator.identity(), Schedulers.parallel());
    }

    ResponsesWorkload workload(UnaryOperator<ResponsesConfig> change, Scheduler scheduler) {
        return new ResponsesWorkload(change.apply(config()), HttpClient.create(), new JsonMapper(), scheduler,
                () -> 0.5,
                System::nanoTime, meters);
    }

    static Job job(String prompt) {
        return new Job("key", "id", "{}").with(new Briefing("{}", prompt, "", "", false));
    }

    static Job longJob(String before, String earlier, String after) {
        return new Job("key", "id", "{}").with(new Briefing("{}", before, earlier, after, true));
    }

    /** Runs a job to its end. */
    List<ExecutionEvent> run(ResponsesWorkload workload, Job job) {
        return Objects.requireNonNull(workload.run(job, new NoWorkspace()).collectList().block(PATIENCE));
    }

    List<ExecutionEvent> run(Job job) {
        return run(workload(), job);
    }

    static JobResult result(List<ExecutionEvent> events) {
        List<JobResult> ends = new ArrayList<>();
        for (ExecutionEvent event : events) {
            if (event instanceof ExecutionEvent.Ended(var result)) {
                ends.add(result);
            }
        }
        if (ends.size() != 1 || !(events.getLast() instanceof ExecutionEvent.Ended)) {
            throw new AssertionError("expected one end, at the end: " + events);
        }
        return ends.getFirst();
    }

    static JsonNode document(List<ExecutionEvent> events) {
        if (result(events) instanceof JobResult.Succeeded(var document, var root)) {
            return new JsonMapper().readTree(document);
        }
        throw new AssertionError("not a success: " + result(events));
    }

    static String failure(List<ExecutionEvent> events) {
        if (result(events) instanceof JobResult.Failed(var message, var left)) {
            return message;
        }
        throw new AssertionError("not a failure: " + result(events));
    }

    static String log(List<ExecutionEvent> events) {
        StringBuilder log = new StringBuilder();
        for (ExecutionEvent event : events) {
            if (event instanceof ExecutionEvent.Output(var stream, var bytes)) {
                log.append(new String(bytes, StandardCharsets.UTF_8));
            }
        }
        return log.toString();
    }

    @Override
    public void close() {
        model.close();
    }

    /** What the meters heard. */
    static final class Counted implements ModelMeters {
        final Map<CallResult, Integer> results = new EnumMap<>(CallResult.class);
        final AtomicInteger inFlight = new AtomicInteger();
        final AtomicInteger mostInFlight = new AtomicInteger();
        final AtomicInteger waiting = new AtomicInteger();
        long input;
        long cached;
        long output;
        double cost;

        @Override
        public void queued() {
            waiting.incrementAndGet();
        }

        @Override
        public void unqueued() {
            waiting.decrementAndGet();
        }

        @Override
        public void began() {
            mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        }

        @Override
        public synchronized void ended(CallResult result, Duration took) {
            inFlight.decrementAndGet();
            results.merge(result, 1, Integer::sum);
        }

        @Override
        public synchronized void used(TokenUsage tokens, double spent) {
            input += tokens.input();
            cached += tokens.cached();
            output += tokens.output();
            cost += spent;
        }
    }
}
