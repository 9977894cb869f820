package dev.coxswain.executors.actions;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.executors.process.ProcessExecutor;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs jobs as real processes in a folder of a test. */
final class ActionsHost implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final AtomicInteger keys = new AtomicInteger();
    private final ProcessExecutor executor;
    /** How far the jobs' clock is ahead of the host's. */
    final AtomicLong ahead = new AtomicLong();
    final ActionsWorkload workload = new ActionsWorkload(MAPPER, Schedulers.boundedElastic(), Schedulers.parallel(),
            () -> System.nanoTime() + ahead.get());
    JobAccess access = JobAccess.NONE;
    Consumer<Path> look = workspace -> {};
    Consumer<ExecutionEvent> seen = event -> {};

    ActionsHost(Path folder) {
        this(folder, System.getenv("PATH"));
    }

    ActionsHost(Path folder, String path) {
        executor = new ProcessExecutor(new ProcessConfig(folder.resolve("ws"), 2), Map.of("PATH", path,
                "LANG", "C.UTF-8", "SUPERVISOR_SECRET", "of the supervisor"), Schedulers.parallel());
    }

    /** A job without steps. */
    static ObjectNode job() {
        ObjectNode job = MAPPER.createObjectNode();
        job.put("id", 7).put("run_id", 3_000_000_000L).put("head_ref", "refs/heads/main").put("event", "push")
                .put("if", "")
                .put("timeout_minutes", 60).putNull("secrets").putNull("variables").putNull("mask_values");
        job.putObject("event_payload");
        job.putObject("env");
        job.putArray("steps");
        return job;
    }

    /** One more step; its id is a hundred and its number. */
    static ObjectNode step(ObjectNode job) {
        ArrayNode steps = (ArrayNode) job.path("steps");
        return steps.addObject().put("id", 100 + steps.size()).put("index", steps.size())
                .put("step_id", "s" + steps.size())
                .put("run", "").put("uses", "");
    }

    static ObjectNode run(ObjectNode job, String script) {
        return step(job).put("run", script);
    }

    static JobAccess guarded(String url, String header) {
        return new JobAccess() {
            @Override
            public @Nullable SourceAccess sources() {
                return new SourceAccess(url, header);
            }

            @Override
            public Mono<byte[]> signing(Platform platform) {
                return Mono.empty();
            }
        };
    }

    /** Lets this time pass when a step says so in its log. */
    void passWhenSaid(String line, Duration time) {
        seen = event -> {
            if (event instanceof ExecutionEvent.Output(var stream, var bytes)
                    && new String(bytes, StandardCharsets.UTF_8).equals(line + "\n")) {
                ahead.addAndGet(time.toNanos());
            }
        };
    }

    /** Lets this time pass when a step has begun. */
    void passWhenBegun(String step, Duration time) {
        seen = event -> {
            if (event instanceof ExecutionEvent.StepStarted(var name, var command) && name.equals(step)) {
                ahead.addAndGet(time.toNanos());
            }
        };
    }

    Workspace open() {
        return Objects.requireNonNull(executor.open("job-" + keys.incrementAndGet()).block(PATIENCE));
    }

    Flux<ExecutionEvent> in(Workspace workspace, ObjectNode job) {
        return workload.run(new Job("key", "7", MAPPER.createObjectNode().set("job", job).toString()).with(access),
                workspace);
    }

    /** All that a job emitted, to its end. */
    Story run(ObjectNode job) {
        return Objects.requireNonNull(Flux.usingWhen(executor.open("job-" + keys.incrementAndGet()),
                workspace -> in(workspace, job).doOnNext(seen).collectList().publishOn(Schedulers.boundedElastic())
                        .doOnNext(events -> look.accept(Path.of(workspace.pathOf("")))).flux(),
                Workspace::close).map(Story::new).blockLast(PATIENCE));
    }

    int running() {
        return executor.running();
    }

    @Override
    public void close() {
        executor.close();
    }

    record Story(List<ExecutionEvent> events) {
        JobResult result() {
            return ((ExecutionEvent.Ended) events.getLast()).result();
        }

        String failure() {
            return result() instanceof JobResult.Failed failed ? failed.message() : "no failure: " + result();
        }

        /** {@code id RESULT} of each step, in order. */
        List<String> ends() {
            return events.stream().filter(ExecutionEvent.StepEnded.class::isInstance)
                    .map(ExecutionEvent.StepEnded.class::cast)
                    .map(end -> end.name() + " " + end.result()).toList();
        }

        List<String> secrets() {
            return events.stream().filter(ExecutionEvent.SecretLearnt.class::isInstance)
                    .map(event -> ((ExecutionEvent.SecretLearnt) event).text()).toList();
        }

        /** Both streams, in the order they came. */
        String log() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (ExecutionEvent event : events) {
                if (event instanceof ExecutionEvent.Output(CommandEvent.Stream stream, byte[] written)) {
                    bytes.writeBytes(written);
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
