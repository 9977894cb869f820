package dev.coxswain.executors.function;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.executors.process.ProcessExecutor;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Runs functions as real processes in a folder of a test. */
final class FunctionHost implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final JsonMapper MAPPER = JsonMapper.builder().build();
    /** Of this host, asked once. */
    static final Runtimes RUNTIMES = Runtimes.look(System.getenv());

    private final Path folder;
    private final AtomicInteger keys = new AtomicInteger();
    private final ProcessExecutor executor;
    final FunctionWorkload workload;
    final CountingMeters meters = new CountingMeters();

    FunctionHost(Path folder) {
        this(folder, FunctionConfig.DEFAULTS, RUNTIMES, Schedulers.parallel());
    }

    /** @param timer of the workload; the executor's is the real one */
    FunctionHost(Path folder, FunctionConfig config, Runtimes runtimes, Scheduler timer) {
        this.folder = folder;
        this.executor = new ProcessExecutor(new ProcessConfig(folder.resolve("ws"), 2),
                Map.of("PATH", System.getenv("PATH"), "SUPERVISOR_SECRET", "of the supervisor"), Schedulers.parallel());
        this.workload = new FunctionWorkload(config, runtimes, executor, MAPPER, Schedulers.boundedElastic(), timer,
                meters);
    }

    static void needs(Language language) {
        assumeTrue(RUNTIMES.found().containsKey(language), () -> "no " + language.label() + " on this host");
    }

    /** A job for this code, which is written to a file of this name. */
    ObjectNode job(String entry, String code) {
        Path version = folder.resolve("code");
        try {
            Files.createDirectories(version);
            Files.writeString(version.resolve(entry), code);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ObjectNode job = MAPPER.createObjectNode();
        job.put("executionId", "e-" + keys.incrementAndGet()).put("deploymentId", "d-1").put("definitionId", "f-1")
                .put("versionId", "0a1b2c3d-0000-4000-8000-000000000000").put("tenantId", "t-1").put("kind", "function")
                .put("language", entry.endsWith(".py") ? "python" : entry.endsWith(".csx") ? "dotnet-script" : "nodejs")
                .put("code", version.toString()).put("entry", entry).putNull("payload")
                .put("timeoutMillis", 60_000).put("cpuMillis", 250).put("memoryBytes", 256L << 20).putNull("port")
                .put("trigger", "manual");
        return job;
    }

    /** The same version again, as another execution. */
    ObjectNode again(ObjectNode job) {
        return job.deepCopy().put("executionId", "e-" + keys.incrementAndGet());
    }

    /** The events of a job in a workspace of its own. */
    Flux<ExecutionEvent> events(ObjectNode job) {
        String key = "job-" + keys.incrementAndGet();
        return Flux.usingWhen(executor.open(key),
                workspace -> workload.run(new Job(key, key, job.toString()), workspace),
                Workspace::close);
    }

    /** All that a job emitted, to its end. */
    Story run(ObjectNode job) {
        return new Story(Objects.requireNonNull(events(job).collectList().block(PATIENCE)));
    }

    /** Waits until something holds that another thread brings about. */
    static void await(BooleanSupplier holds) {
        Mono.fromSupplier(holds::getAsBoolean).filter(held -> held)
                .repeatWhenEmpty(rounds -> rounds.delayElements(Duration.ofMillis(10))).block(PATIENCE);
    }

    /** Waits until a process, which need not be ours, is no more. */
    static void awaitEnd(long pid) {
        await(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    int running() {
        return executor.running();
    }

    @Override
    public void close() {
        workload.end().block(PATIENCE);
        await(() -> executor.running() == 0 && workspaces().isEmpty());
        executor.close();
    }

    /** What is left of them, also of those that are being closed. */
    List<String> workspaces() {
        try (Stream<Path> left = Files.list(folder.resolve("ws"))) {
            return left.map(each -> String.valueOf(each.getFileName())).filter(name -> !name.startsWith(".")).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts what it hears. */
    static final class CountingMeters implements FunctionMeters {
        final AtomicInteger warm = new AtomicInteger();
        final AtomicInteger cold = new AtomicInteger();

        @Override
        public void called(boolean isWarm) {
            (isWarm ? warm : cold).incrementAndGet();
        }

        @Override
        public void dropped(long bytes) {}
    }

    record Story(List<ExecutionEvent> events) {
        JobResult end() {
            return ((ExecutionEvent.Ended) events.getLast()).result();
        }

        JsonNode document() {
            if (end() instanceof JobResult.Succeeded good) {
                return MAPPER.readTree(good.document());
            }
            throw new AssertionError("no success: " + end() + ", log: " + log());
        }

        JsonNode result() {
            return document().path("result");
        }

        String failure() {
            return switch (end()) {
                case JobResult.Failed failed -> failed.message();
                case JobResult.TimedOut late -> late.message();
                case JobResult.Succeeded good -> throw new AssertionError("a success: " + good);
            };
        }

        String log(CommandEvent.Stream... streams) {
            List<CommandEvent.Stream> wanted = List.of(streams);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (ExecutionEvent event : events) {
                if (event instanceof ExecutionEvent.Output(CommandEvent.Stream stream, byte[] written)
                        && (wanted.isEmpty() || wanted.contains(stream))) {
                    bytes.writeBytes(written);
                }
            }
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
