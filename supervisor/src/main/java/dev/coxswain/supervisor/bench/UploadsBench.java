package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * What it costs to send files: our uploads beside curl and beside the HTTP client's bare sending of files, large ones and
 * ones of 4 KiB.
 *
 * @param largeMebibytes size of a large file
 * @param large uploads of it in one window
 * @param small uploads of 4 KiB in one window
 * @param gibibytes the most that is sent to see that memory does not grow with it
 */
public record UploadsBench(int largeMebibytes, int large, int small, int gibibytes, int warmups, int windows)
        implements
            Bench {
    private static final int LARGE_PARALLEL = 8;
    private static final int SMALL_PARALLEL = 64;
    private static final int SMALL_BYTES = 4096;
    private static final String CURL = "curl";
    private static final String MINIMAL = "minimal sendFile";
    private static final String OURS = "uploads";

    @Override
    public Report measure(Scope scope) {
        Optional<Path> curl = Programs.find("curl");
        if (curl.isEmpty()) {
            scope.say("no curl on the PATH: ratios are against the minimal client");
        }
        Certificate certificate = Certificate.make(scope);
        Store plain = new Store("HTTP", new Loopback(scope), List.of(), List.of());
        Store secure = new Store("HTTPS", new Loopback(scope, certificate), certificate.trusted(),
                List.of("--http1.1", "--cacert", certificate.pem().toString()));
        Report.Builder report = Bench.report("uploads")
                .condition(String.format(Locale.ROOT,
                        "large: %d x %d MiB, %d at a time; small: %d x 4 KiB, %d at a time; medians",
                        large, largeMebibytes, LARGE_PARALLEL, small, SMALL_PARALLEL))
                .column("perSecond", "files/s", 1).column("gigabytesPerSecond", "GB/s", 2)
                .column("cpuPerGigabyte", "CPU s/GB", 3).column("cpuPer1000", "CPU s/1000", 3)
                .column("timesCpu", "x CPU", 2).column("timesRate", "x rate", 2).column("peakMiB", "peak MiB", 0);
        List<Path> largeFiles = files(scope, 1, (long) largeMebibytes << 20);
        List<Path> smallFiles = files(scope, SMALL_PARALLEL, SMALL_BYTES);
        Figures bulk = contest(scope, plain, report, curl, "large", largeFiles, large, LARGE_PARALLEL);
        Figures sealed = contest(scope, secure, report, curl, "large HTTPS", largeFiles, large, LARGE_PARALLEL);
        Figures crowd = contest(scope, plain, report, curl, "4 KiB", smallFiles, small, SMALL_PARALLEL);
        UploadMemory memory = new UploadMemory(scope, gibibytes);
        for (Store store : List.of(plain, secure)) {
            memory.measure(store.scheme(), store.loopback().url(), store.flags(), report);
        }
        boolean against = curl.isPresent();
        report
                .goal(Report.Goal.atMost("large: CPU of uploads / curl", against ? bulk.get("timesCpu") : Double.NaN,
                        1.0))
                .goal(Report.Goal.atMost("large HTTPS: CPU of uploads / curl",
                        against ? sealed.get("timesCpu") : Double.NaN, 1.3))
                .goal(Report.Goal.atMost("4 KiB: CPU of uploads / curl", against ? crowd.get("timesCpu") : Double.NaN,
                        2.5))
                .goal(Report.Goal.atLeast("4 KiB: files/s of uploads / curl",
                        against ? crowd.get("timesRate") : Double.NaN, 1.0));
        return report.build();
    }

    /**
     * A server that files are sent to.
     *
     * @param flags that a JVM needs to trust it
     * @param options that curl needs to trust it
     */
    private record Store(String scheme, Loopback loopback, List<String> flags, List<String> options) {
        /** Under TLS the client's own sending of files starves the handshakes of other connections: no reference. */
        List<String> rivals() {
            return scheme.equals("HTTPS") ? List.of(OURS) : List.of(MINIMAL, OURS);
        }
    }

    private Figures contest(Scope scope, Store store, Report.Builder report, Optional<Path> curl, String kind,
            List<Path> files, int count, int parallel) {
        List<Windows.Contender> contenders = new ArrayList<>();
        curl.ifPresent(program -> {
            List<String> command = command(scope, program, store, files, count, parallel);
            contenders.add(new Windows.Contender(CURL, () -> Programs.measured(command, count)));
        });
        List<Child> children = new ArrayList<>();
        String url = store.loopback().url();
        List<String> flags = new ArrayList<>(Loopback.FLAGS);
        flags.addAll(store.flags());
        for (String name : store.rivals()) {
            Child child = Child.start(scope, name, flags, "uploads", "url", url, "parallel", parallel);
            children.add(child);
            contenders.add(new Windows.Contender(name, () -> child.ask(name.equals(OURS) ? "uploads" : "minimal",
                    "count", count, "files", files.stream().map(Path::toString).toList())));
        }
        Windows.Result result = Windows.run(scope, contenders, warmups, windows);
        report.condition(kind + ", " + result.note());
        children.forEach(Child::close);
        Figures reference = result.medians().values().iterator().next();
        double gigabytes = count * (double) size(files.getFirst()) / 1e9;
        result.medians().forEach((name, figures) -> report.row(kind + ", " + name, Windows.compared(figures, reference)
                .with("gigabytesPerSecond", gigabytes / figures.get("seconds"))
                .with("cpuPerGigabyte", figures.get("cpu") / gigabytes)
                .with("peakMiB", figures.get("peakRss") / (1 << 20))));
        return report.of(kind + ", " + OURS);
    }

    /** One process for all files, as a script would do it that knows curl well. */
    private static List<String> command(Scope scope, Path curl, Store store, List<Path> files, int count,
            int parallel) {
        StringBuilder transfers = new StringBuilder();
        for (int i = 0; i < count; i++) {
            transfers.append("upload-file = \"").append(files.get(i % files.size())).append("\"\nurl = \"")
                    .append(store.loopback().url()).append(Wire.UPLOAD).append("file-").append(i)
                    .append("\"\noutput = \"/dev/null\"\n");
        }
        try {
            Path config = scope.newFolder().resolve("curl.txt");
            Files.writeString(config, transfers);
            List<String> command = new ArrayList<>(List.of(curl.toString(), "--disable", "--silent", "--show-error",
                    "--no-progress-meter", "--fail", "--noproxy", "*", "--parallel", "--parallel-max",
                    Integer.toString(parallel), "--config", config.toString()));
            command.addAll(store.options());
            return command;
        } catch (IOException e) {
            throw new BenchException("curl's list of files can't be written: " + e.getMessage(), e);
        }
    }

    private static List<Path> files(Scope scope, int count, long bytes) {
        List<Path> files = new ArrayList<>();
        byte[] block = new byte[(int) Math.min(bytes, 1 << 20)];
        new Random(7).nextBytes(block);
        Path folder = scope.newFolder();
        try {
            for (int i = 0; i < count; i++) {
                Path file = folder.resolve("file-" + i);
                try (OutputStream out = Files.newOutputStream(file)) {
                    for (long written = 0; written < bytes; written += block.length) {
                        out.write(block);
                    }
                }
                files.add(file);
            }
            return files;
        } catch (IOException e) {
            throw new BenchException("files to upload can't be written to " + folder + ": " + e.getMessage(), e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new BenchException(file + " is gone: " + e.getMessage(), e);
        }
    }
}
