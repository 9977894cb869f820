package dev.coxswain.supervisor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What writing everything down costs: appends without a disk, one by one, and 256 at a time that share their syncs.
 *
 * @param appends with 256 writers in one window; the others take a part of it
 */
public record JournalBench(int appends, int windows) implements Bench {
    private static final String OFF = "off (in memory)";
    private static final String ONE = "on, 1 writer";
    private static final String MANY = "on, 256 writers";
    private static final int WRITERS = 256;
    /** One writer waits for a whole sync each time. */
    private static final int FEWER = 20;

    @Override
    public Report measure(Scope scope) {
        Child off = Child.start(scope, OFF, Loopback.FLAGS, "journal", "durable", false);
        Child one = Child.start(scope, ONE, Loopback.FLAGS, "journal", "durable", true, "folder",
                scope.newFolder().toString());
        Child many = Child.start(scope, MANY, Loopback.FLAGS, "journal", "durable", true, "folder",
                scope.newFolder().toString());
        List<Windows.Contender> contenders = new ArrayList<>();
        contenders.add(contender(off, WRITERS, appends));
        contenders.add(contender(one, 1, Math.max(1, appends / FEWER)));
        contenders.add(contender(many, WRITERS, appends));
        Windows.Result result = Windows.run(scope, contenders, 3, windows);
        Report.Builder report = Bench.report("journal")
                .condition("windows of " + appends + " appends (1 writer: a twentieth), medians; disk of "
                        + scope.folder().getParent())
                .condition(result.note()).column("perSecond", "appends/s", 0).column("count", "appends", 0)
                .column("commits", "commits", 0)
                .column("p50", "p50 us", 0).column("p99", "p99 us", 0).column("cpuPer1000", "CPU s/1000", 4)
                .column("timesRate", "x 1 writer", 3);
        Figures single = result.of(ONE);
        result.medians().forEach((name, figures) -> report.row(name, Windows.compared(figures, single)));
        return report.goal(Report.Goal.atLeast("appends for each sync with 256 writers",
                report.of(MANY).get("count") / report.of(MANY).get("commits"), 16)).build();
    }

    private static Windows.Contender contender(Child child, int writers, int appends) {
        Supplier<Figures> window = () -> child.ask("append", "writers", writers, "appends", appends);
        return new Windows.Contender(child.name(), window);
    }
}
