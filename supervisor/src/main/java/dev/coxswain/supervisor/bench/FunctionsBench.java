package dev.coxswain.supervisor.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * What a call of a function costs: cold and warm, through a whole {@code cox run}, beside the same handler in a plain
 * Node.js HTTP server; and the memory of a process that is kept.
 *
 * @param functions copies, each called cold once
 * @param calls in one window
 * @param parallel at a time, in the rows that say so
 * @param warmups windows at most before those that count; two that agree end them
 * @param seconds for all of it, the last window's end excepted
 */
public record FunctionsBench(int functions, int calls, int parallel, int warmups, int windows, int seconds)
        implements
            Bench {
    private static final String PLAIN = "plain Node.js server";
    private static final String WARM = "function, warm";
    private static final String COLD = "function, cold";
    private static final String MANY = ", several at a time";

    @Override
    public Report measure(Scope scope) {
        Path node = Programs.find("node")
                .orElseThrow(() -> new BenchException("node is not on the PATH, and functions need it", null));
        Process server = server(scope, node);
        URI plain = address(server);
        ServedFunctions served = ServedFunctions.start(scope, parallel, functions + parallel);
        scope.say("deploying " + functions + " functions");
        List<URI> urls = served.push(code(scope), functions);
        try (CallLoad load = new CallLoad(parallel, ServedFunctions.headers())) {
            Report.Builder report = Bench.report("functions")
                    .condition("cox run by " + CoxProcess.how() + ", journal and store on; callers over " + parallel
                            + " kept connections from this JVM, the same for both servers")
                    .column("p50", "p50 ms", 2).column("p99", "p99 ms", 2).column("perSecond", "calls/s", 0)
                    .column("cpuPer1000", "server CPU s/1000", 2).column("overhead", "p50 over plain ms", 2)
                    .column("rssMiB", "RSS MiB each", 1).column("pssMiB", "PSS MiB each", 1);
            Figures cold = cold(load, urls);
            Figures kept = memory(served);
            Windows.Result result = Windows.run(scope,
                    List.of(contender(load, PLAIN, plain, 1, () -> Usage.cpuSeconds(server.pid())),
                            contender(load, WARM, urls.getFirst(), 1, served::cpuSeconds),
                            contender(load, PLAIN + MANY, plain, parallel, () -> Usage.cpuSeconds(server.pid())),
                            contender(load, WARM + MANY, urls.getFirst(), parallel, served::cpuSeconds)),
                    warmups, windows, Windows.Limit.of(seconds));
            report.condition(result.note()).condition("windows of " + calls + " calls, medians; " + functions
                    + " cold calls, one after another; several are " + parallel);
            report.row(PLAIN, result.of(PLAIN)).row(WARM, over(result.of(WARM), result.of(PLAIN)))
                    .row(PLAIN + MANY, result.of(PLAIN + MANY))
                    .row(WARM + MANY, over(result.of(WARM + MANY), result.of(PLAIN + MANY)))
                    .row(COLD, over(cold, result.of(PLAIN)).with("rssMiB", kept.get("rssMiB")).with("pssMiB",
                            kept.get("pssMiB")));
            return report.build();
        }
    }

    private static Figures over(Figures figures, Figures reference) {
        return figures.with("overhead", figures.get("p50") - reference.get("p50"));
    }

    /** One call of each, since it is only the first one that is cold. */
    private static Figures cold(CallLoad load, List<URI> urls) {
        List<Long> micros = new ArrayList<>();
        for (URI url : urls) {
            micros.add((long) (load.calls(url, 1, 1).get("p50") * 1e3));
        }
        long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
        return new Figures(Map.of("p50", Figures.percentile(sorted, 0.5) / 1e3, "p99",
                Figures.percentile(sorted, 0.99) / 1e3, "perSecond",
                1e6 * sorted.length / Arrays.stream(sorted).sum()));
    }

    private static Figures memory(ServedFunctions served) {
        List<Long> kept = served.kept();
        return new Figures(Map.of("rssMiB",
                kept.stream().mapToDouble(pid -> Usage.residentBytes(Long.toString(pid))).average().orElse(Double.NaN)
                        / (1 << 20),
                "pssMiB", kept.stream().mapToDouble(Usage::proportionalBytes).average().orElse(Double.NaN)
                        / (1 << 20)));
    }

    private Windows.Contender contender(CallLoad load, String name, URI url, int atATime, DoubleSupplier cpuSeconds) {
        return new Windows.Contender(name, () -> {
            double before = cpuSeconds.getAsDouble();
            Figures figures = load.calls(url, calls, atATime);
            return figures.with("cpu", cpuSeconds.getAsDouble() - before);
        });
    }

    /** The handler's folder, as a user has it. */
    private static Path code(Scope scope) {
        Path folder = scope.newFolder();
        try {
            Files.move(Programs.unpack("hello-function.mjs", folder), folder.resolve("index.mjs"));
            return folder;
        } catch (IOException e) {
            throw new BenchException("the function's code can't be written: " + e.getMessage(), e);
        }
    }

    /** The same handler behind Node's own HTTP server. */
    private static Process server(Scope scope, Path node) {
        Path folder = scope.newFolder();
        Programs.unpack("hello-function.mjs", folder);
        try {
            Process process = new ProcessBuilder(node.toString(),
                    Programs.unpack("hello-server.mjs", folder).toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            scope.owns(() -> process.destroyForcibly().waitFor());
            return process;
        } catch (IOException e) {
            throw new BenchException("node can't be started: " + e.getMessage(), e);
        }
    }

    /** It prints its port when it listens. */
    private static URI address(Process server) {
        try {
            BufferedReader printed = server.inputReader(StandardCharsets.UTF_8);
            String port = printed.readLine();
            if (port == null) {
                throw new BenchException("the plain Node.js server ended, see its message above", null);
            }
            return URI.create("http://127.0.0.1:" + Integer.parseInt(port.strip()) + "/");
        } catch (IOException e) {
            throw new BenchException("the plain Node.js server can't be heard: " + e.getMessage(), e);
        }
    }
}
