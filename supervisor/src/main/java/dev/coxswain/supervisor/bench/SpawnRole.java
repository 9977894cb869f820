package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.executors.process.ProcessExecutor;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Starts {@code echo hi}, reads it, waits for its end: with our process executor, or with nothing but the JDK. */
final class SpawnRole implements Role {
    private static final Duration LONGEST = Duration.ofMinutes(9);
    private static final List<String> ARGV = List.of("/bin/echo", "hi");

    private final ProcessExecutor executor;
    private final AtomicInteger workspaces = new AtomicInteger();

    SpawnRole(Order settings) {
        executor = new ProcessExecutor(new ProcessConfig(Path.of(settings.text("folder")),
                ProcessConfig.defaultParallelStarts()), System.getenv(), Schedulers.parallel());
    }

    @Override
    public Map<String, Double> carryOut(Order order) throws ExecutionException, InterruptedException {
        int commands = order.count("commands");
        int parallel = order.count("parallel");
        long bytes = switch (order.what()) {
            case "executor" -> withExecutor(commands, parallel);
            case "builder" -> withBuilder(commands, parallel);
            default -> throw new IllegalArgumentException("no order " + order.what());
        };
        if (bytes != 3L * commands) {
            throw new IllegalStateException(bytes + " bytes were read of " + commands + " commands");
        }
        return Map.of("count", (double) commands);
    }

    private long withExecutor(int commands, int parallel) {
        Long bytes = Mono.usingWhen(executor.open("bench-" + workspaces.incrementAndGet()),
                workspace -> Flux.range(0, commands).flatMap(n -> one(workspace), parallel).reduce(0L, Long::sum),
                Workspace::close).block(LONGEST);
        return bytes == null ? 0 : bytes;
    }

    private static Mono<Long> one(Workspace workspace) {
        return workspace.run(new Command(ARGV, Map.of(), "", null, Command.DEFAULT_GRACE))
                .reduce(0L, (read, event) -> switch (event) {
                    case CommandEvent.Started started -> read;
                    case CommandEvent.Output output -> read + output.bytes().length;
                    case CommandEvent.Exited exited -> read;
                });
    }

    private static long withBuilder(int commands, int parallel) throws ExecutionException, InterruptedException {
        AtomicInteger left = new AtomicInteger(commands);
        long bytes = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(parallel)) {
            List<Future<Long>> lanes = new ArrayList<>();
            for (int lane = 0; lane < parallel; lane++) {
                lanes.add(threads.submit(() -> lane(left)));
            }
            for (Future<Long> lane : lanes) {
                bytes += lane.get();
            }
        }
        return bytes;
    }

    private static long lane(AtomicInteger left) throws IOException, InterruptedException {
        long bytes = 0;
        while (left.getAndDecrement() > 0) {
            Process process = new ProcessBuilder(ARGV).start();
            bytes += process.getInputStream().readAllBytes().length;
            process.waitFor();
        }
        return bytes;
    }

    @Override
    public void close() {
        executor.close();
    }
}
