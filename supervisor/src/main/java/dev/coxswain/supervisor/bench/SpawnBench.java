package dev.coxswain.supervisor.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a process costs, children included: {@code echo hi}, read and waited for, so many at a time; and a whole job with
 * a process, from lease to acknowledged report.
 *
 * @param commands in one window
 * @param warmups at most; two windows that agree end them
 * @param seconds for all of it, the last window's end excepted
 */
public record SpawnBench(int commands, int parallel, int warmups, int windows, int seconds) implements Bench {
    private static final String BUILDER = "ProcessBuilder";
    private static final String EXECUTOR = "process executor";
    private static final String JOB = "whole job, journal on";
    private static final int RUNNERS = 100;
    /** More jobs than starts: while one starts, others talk to the control plane. */
    private static final int JOBS_FOR_EACH_START = 4;

    @Override
    public Report measure(Scope scope) {
        Loopback loopback = new Loopback(scope);
        List<String> floor = floor(scope);
        String floorName = "posix_spawn, " + (floor.size() == 1 ? "C" : "Python");
        Child builder = spawner(scope, BUILDER);
        Child executor = spawner(scope, EXECUTOR);
        int slots = parallel * JOBS_FOR_EACH_START;
        Child job = loopback.engine(JOB, slots, true, 0, Loopback.FLAGS, "command",
                "echo hi; printf '%s' '" + Wire.RESULT + "' >\"$COX_OUTPUT_DIR/result.json\"");
        Windows.Contender jobs = loopback.jobs(job, RUNNERS, commands);
        List<Windows.Contender> contenders = new ArrayList<>();
        contenders.add(new Windows.Contender(floorName, () -> run(floor)));
        contenders.add(contender(builder, "builder"));
        contenders.add(contender(executor, "executor"));
        contenders.add(new Windows.Contender(JOB, () -> withChildren(jobs.window().get())));
        Windows.Result result = Windows.run(scope, contenders, warmups, windows, Windows.Limit.of(seconds));
        Report.Builder report = Bench.report("spawn")
                .condition(result.note()).condition("windows of " + commands + " times /bin/echo, " + parallel
                        + " at a time, medians; CPU of the process and of its children")
                .condition("whole job: sh with a builtin echo and a result file, " + slots + " slots, " + RUNNERS
                        + " runners, lease to acknowledged report")
                .column("perSecond", "each/s", 0).column("cpuPer1000", "CPU s/1000", 3)
                .column("timesCpu", "x CPU", 2).column("timesRate", "x rate", 2);
        Figures reference = result.of(floorName);
        result.medians().forEach((name, figures) -> report.row(name, Windows.compared(figures, reference)));
        return report
                .goal(Report.Goal.atMost("process executor / floor", report.of(EXECUTOR).get("timesCpu"), 2.5))
                .goal(Report.Goal.atMost("whole job / floor", report.of(JOB).get("timesCpu"), 3.5)).build();
    }

    private Windows.Contender contender(Child child, String order) {
        return new Windows.Contender(child.name(),
                () -> withChildren(child.ask(order, "commands", commands, "parallel", parallel)));
    }

    private static Child spawner(Scope scope, String name) {
        return Child.start(scope, name, Loopback.FLAGS, "spawn", "folder", scope.newFolder().toString());
    }

    private static Figures withChildren(Figures figures) {
        return figures.with("cpu", figures.get("cpu") + figures.get("childCpu"));
    }

    /** It counts its own children, finer than {@code /proc} does. */
    private Figures run(List<String> floor) {
        List<String> command = new ArrayList<>(floor);
        command.addAll(List.of(Integer.toString(commands), Integer.toString(parallel)));
        String[] printed = Programs.output(command).strip().split(" ");
        return new Figures(Map.of("seconds", Double.parseDouble(printed[0]), "cpu", Double.parseDouble(printed[1]),
                "count", (double) commands));
    }

    private static List<String> floor(Scope scope) {
        Optional<Path> compiler = Programs.find("cc", "gcc", "clang");
        Path folder = scope.newFolder();
        if (compiler.isPresent()) {
            Path program = folder.resolve("spawn-floor");
            Programs.output(List.of(compiler.get().toString(), "-O2", "-o", program.toString(),
                    Programs.unpack("spawn-floor.c", folder).toString()));
            return List.of(program.toString());
        }
        Path python = Programs.find("python3").orElseThrow(() -> new BenchException(
                "the floor needs a C compiler (cc, gcc, clang) or python3 on the PATH", null));
        return List.of(python.toString(), Programs.unpack("spawn-floor.py", folder).toString());
    }
}
