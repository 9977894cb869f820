package dev.coxswain.supervisor.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * How fast a child's output is taken in: read, masked for ten secrets and kept, beside a {@code base64} pipe and beside
 * reading alone.
 *
 * @param mebibytes in one window; a multiple of 16
 */
public record LogsBench(int mebibytes, int warmups, int windows) implements Bench {
    private static final int PIECE_MEBIBYTES = 16;
    private static final String PIPE = "base64 pipe";
    private static final String READ = "read only";
    private static final String OURS = "read, mask, keep";
    private static final String COLD = "the same, first of its JVM";

    @Override
    public Report measure(Scope scope) {
        Path text = LogText.write(scope.folder().resolve("build.log"), PIECE_MEBIBYTES << 20);
        int pieces = mebibytes / PIECE_MEBIBYTES;
        double bytes = (double) pieces * (PIECE_MEBIBYTES << 20);
        // cat itself costs little; it is in all of them
        String script = "i=0; while [ $i -lt " + pieces + " ]; do cat " + text + "; i=$((i+1)); done";
        Child ours = child(scope, OURS);
        Child reader = child(scope, READ);
        scope.say("first " + mebibytes + " MiB in a new JVM");
        Figures cold = withChildren(ours.ask("log", "script", script, "bytes", bytes));
        List<String> pipe = List.of("/bin/sh", "-c", "{ " + script + "; } | base64 >/dev/null");
        Windows.Result result = Windows.run(scope, List.of(
                new Windows.Contender(PIPE, () -> Programs.measured(pipe, bytes / 1e6)),
                new Windows.Contender(READ,
                        () -> withChildren(reader.ask("read", "script", script, "bytes", bytes))),
                new Windows.Contender(OURS, () -> withChildren(ours.ask("log", "script", script, "bytes", bytes)))),
                warmups, windows);
        Report.Builder report = Bench.report("logs")
                .condition(result.note())
                .condition("windows of " + mebibytes + " MiB of a build's log, ten secrets, medians;"
                        + " CPU of the process and of its children; spill on the disk of "
                        + scope.folder().getParent())
                .column("perSecond", "MB/s", 0).column("cpuPer1000", "CPU s/GB", 3).column("timesRate", "x rate", 2)
                .column("timesCpu", "x CPU", 2);
        Figures reference = result.of(PIPE);
        result.medians().forEach((name, figures) -> report.row(name, Windows.compared(figures, reference)));
        report.row(COLD, Windows.compared(Windows.derived(cold), reference));
        return report.goal(Report.Goal.atLeast("MB/s of " + OURS + " / " + PIPE, report.of(OURS).get("timesRate"), 0.5))
                .goal(Report.Goal.atLeast("cold MB/s (goal: the first GiB)", report.of(COLD).get("perSecond"), 250))
                .build();
    }

    private static Child child(Scope scope, String name) {
        return Child.start(scope, name, Loopback.FLAGS, "logs", "folder", scope.newFolder().toString());
    }

    private static Figures withChildren(Figures figures) {
        return figures.with("cpu", figures.get("cpu") + figures.get("childCpu"));
    }
}
