package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.executors.process.ProcessExecutor;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.logs.JobLog;
import dev.coxswain.supervisor.logs.JobLogs;
import dev.coxswain.supervisor.logs.LogsConfig;
import dev.coxswain.supervisor.logs.SecretSet;
import dev.coxswain.supervisor.metrics.Exposition;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Takes the output of a child in: through executor, masking and log, or by nothing but reading it. */
final class LogRole implements Role {
    private static final Duration LONGEST = Duration.ofMinutes(9);
    private static final int CHUNK = 64 << 10;

    private final FleetClock clock = FleetClock.system();
    private final Exposition exposition = new Exposition("bench", Schedulers.parallel(), clock::nanos);
    private final Scheduler files = Schedulers.newBoundedElastic(4, 100_000, "cox-disk", 60, true);
    private final ProcessExecutor executor;
    private final JobLogs logs;
    private final SecretSet secrets = Rooms.secrets();
    private final AtomicInteger jobs = new AtomicInteger();

    LogRole(Order settings) {
        Path folder = Path.of(settings.text("folder"));
        executor = new ProcessExecutor(
                new ProcessConfig(folder.resolve("work"), ProcessConfig.defaultParallelStarts()), System.getenv(),
                Schedulers.parallel());
        logs = new JobLogs(new LogsConfig(LogsConfig.DEFAULT.spillPerJobBytes(), Long.MAX_VALUE),
                folder.resolve("logs"), files, exposition.meters());
    }

    @Override
    public Map<String, Double> carryOut(Order order) throws IOException, InterruptedException {
        double expected = order.number("bytes");
        List<String> argv = List.of("/bin/sh", "-c", order.text("script"));
        double bytes = switch (order.what()) {
            case "log" -> logged(argv);
            case "read" -> read(argv);
            default -> throw new IllegalArgumentException("no order " + order.what());
        };
        if (bytes != expected) {
            throw new IllegalStateException(bytes + " bytes came of " + expected);
        }
        return Map.of("count", bytes / 1e6);
    }

    private double logged(List<String> argv) {
        String key = "bench-" + jobs.incrementAndGet();
        Mono<Long> written = Mono.usingWhen(logs.open(key, "bench", secrets),
                log -> Mono.usingWhen(executor.open(key), workspace -> all(argv, workspace, log), Workspace::close),
                JobLog::end);
        Long bytes = written.block(LONGEST);
        return bytes == null ? 0 : bytes;
    }

    private static Mono<Long> all(List<String> argv, Workspace workspace, JobLog log) {
        return workspace.run(new Command(argv, Map.of(), "", null, Command.DEFAULT_GRACE))
                .concatMap(event -> switch (event) {
                    case CommandEvent.Output output -> log.append(output.bytes())
                            .thenReturn((long) output.bytes().length);
                    case CommandEvent.Started started -> Mono.<Long>empty();
                    case CommandEvent.Exited exited -> Mono.<Long>empty();
                }, 1).reduce(0L, Long::sum);
    }

    private static double read(List<String> argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        byte[] buffer = new byte[CHUNK];
        double bytes = 0;
        try (InputStream in = process.getInputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
        }
        process.waitFor();
        return bytes;
    }

    @Override
    public void close() {
        logs.close().block(Duration.ofSeconds(5));
        executor.close();
        files.dispose();
        exposition.close();
    }
}
