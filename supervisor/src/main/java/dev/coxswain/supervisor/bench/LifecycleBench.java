package dev.coxswain.supervisor.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * Lease, heartbeat, complete: three calls for each job, and everything that the engine does around them, beside loops that
 * do nothing else.
 *
 * @param runners logical runners of each contender
 * @param connections jobs in flight at once, and connections for them
 * @param jobs in one window
 * @param warmups most windows before those that count
 * @param windows that count
 * @param seconds for all of it, the last window's end excepted
 */
public record LifecycleBench(int runners, int connections, int jobs, int warmups, int windows, int seconds)
        implements
            Bench {
    private static final String MINIMAL = "minimal loop";
    private static final String THREADS = "virtual threads";
    private static final String OFF = "engine, journal off";
    private static final String ON = "engine, journal on";
    private static final String THOUSAND = "engine, journal off, 1,000 runners";
    private static final int USUAL = 1_000;
    /** The thread client takes several times as long, so its windows are shorter. */
    private static final int SHORTER = 3;

    @Override
    public Report measure(Scope scope) {
        Loopback loopback = new Loopback(scope);
        boolean large = runners > USUAL;
        List<Windows.Contender> contenders = new ArrayList<>();
        contenders.add(loopback.jobs(loopback.minimal(connections), runners, jobs));
        Child threads = loopback.threads(connections);
        contenders.add(loopback.jobs(threads, runners, Math.max(1, jobs / SHORTER)));
        for (boolean journal : new boolean[]{false, true}) {
            Child engine = loopback.engine(journal ? ON : OFF, connections, journal, 0, Loopback.FLAGS);
            contenders.add(loopback.jobs(engine, runners, jobs));
        }
        if (large) {
            Child engine = loopback.engine(THOUSAND, connections, false, 0, Loopback.FLAGS);
            contenders.add(loopback.jobs(engine, USUAL, jobs));
        }
        return report(loopback, Windows.run(scope, contenders, warmups, windows, Windows.Limit.of(seconds)), large);
    }

    private Report report(Loopback loopback, Windows.Result result, boolean large) {
        Report.Builder report = Bench.report("lifecycle").condition(runners + " runners, " + connections
                + " jobs in flight, windows of " + jobs + " jobs (" + THREADS + ": a third), medians")
                .condition(result.note())
                .condition(loopback.counters())
                .condition("engine: fleet, runners, adapter, meters, log with ten secrets; no process, log level warn")
                .column("perSecond", "jobs/s", 0).column("cpuPer1000", "CPU s/1000", 3)
                .column("miPer1000", "Mi/1000", 0).column("timesCpu", "x CPU", 2)
                .column("timesInstructions", "x instr.", 2).column("peakMiB", "peak MiB", 0);
        Figures minimal = result.of(MINIMAL);
        result.medians().forEach((name, figures) -> report.row(name,
                Windows.compared(figures, minimal).with("peakMiB", figures.get("peakRss") / (1 << 20))));
        Figures off = result.of(OFF);
        Figures on = result.of(ON);
        if (large) {
            report.goal(Report.Goal.atMost("journal off / the same with 1,000 runners",
                    Windows.times(off, result.of(THOUSAND)), 1.2));
            report.goal(Report.Goal.atMost("peak RSS of journal off, MiB", off.get("peakRss") / (1 << 20), 600));
        }
        return report.goal(Report.Goal.atMost("journal off / minimal loop", Windows.times(off, minimal), 1.4))
                .goal(Report.Goal.atLeast("CPU of virtual threads / journal off",
                        result.of(THREADS).get("cpuPer1000") / off.get("cpuPer1000"), 4))
                .goal(Report.Goal.atMost("journal on / minimal loop", Windows.times(on, minimal), 2.2))
                .goal(Report.Goal.atLeast("jobs/s of journal on / off (goal: 256 in flight)",
                        on.get("perSecond") / off.get("perSecond"), 0.7))
                .build();
    }
}
