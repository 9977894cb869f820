package dev.coxswain.executors.flutter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.executors.process.ProcessExecutor;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Runs builds as real processes in a folder of a test. Its PATH begins with a folder of tools that tests fill. */
final class BuildHost implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Of a whole build. */
    static final Duration TIMEOUT = Duration.ofMinutes(55);

    private final AtomicInteger keys = new AtomicInteger();
    private final Map<String, String> environment;
    private final ProcessExecutor executor;
    private final Path tools;
    /** What the checkout takes on the workload's clock, on which nothing else takes any time. */
    Duration checkoutTook = Duration.ZERO;
    AndroidSigner signer = new RecordingSigner();

    BuildHost(Path folder) {
        tools = folder.resolve("tools");
        try {
            Files.createDirectories(tools);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        environment = Map.of("PATH", tools + ":" + System.getenv("PATH"), "LANG", "C.UTF-8", "JAVA_HOME", "/opt/jdk",
                "ANDROID_SDK_ROOT", "/opt/sdk", "SUPERVISOR_SECRET", "of the supervisor",
                "OORE_ANDROID_KEYSTORE_PASSWORD", "of the supervisor");
        executor = new ProcessExecutor(new ProcessConfig(folder.resolve("work"), 2), environment,
                Schedulers.parallel());
    }

    /** A program on this host's PATH. */
    BuildHost tool(String name, String script) {
        try {
            Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script + "\n");
            assertExecutable(file.toFile().setExecutable(true));
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertExecutable(boolean done) {
        if (!done) {
            throw new AssertionError("a file could not be made executable");
        }
    }

    FlutterWorkload workload() {
        return workload(new AtomicLong());
    }

    private FlutterWorkload workload(AtomicLong ahead) {
        return new FlutterWorkload(new FlutterConfig(List.of("android"), List.of(), TIMEOUT, null), environment,
                Documents.MAPPER, signer, Schedulers.boundedElastic(), Schedulers.parallel(), false,
                ahead::get);
    }

    Workspace open() {
        return Objects.requireNonNull(executor.open("build-" + keys.incrementAndGet()).block(PATIENCE));
    }

    Story run(Documents document) {
        return run(document, JobAccess.NONE, workspace -> {});
    }

    /** Runs a build to its end; its workspace can be looked at before it is closed. */
    Story run(Documents document, JobAccess access, Consumer<Path> look) {
        AtomicLong ahead = new AtomicLong();
        return Objects.requireNonNull(Flux.usingWhen(executor.open("build-" + keys.incrementAndGet()),
                workspace -> workload(ahead).run(new Job("key", "b-1", document.toString()).with(access), workspace)
                        .doOnNext(event -> {
                            if (event.equals(new ExecutionEvent.StepEnded("checkout", 0))) {
                                ahead.set(checkoutTook.toNanos());
                            }
                        }).collectList().publishOn(Schedulers.boundedElastic())
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
}
