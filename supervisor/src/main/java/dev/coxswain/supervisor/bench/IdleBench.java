package dev.coxswain.supervisor.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import reactor.core.publisher.Mono;

/**
 * What runners cost that have nothing to do: memory after a collection, CPU, the lateness of timers, and the price of one
 * poll beside a minimal loop.
 *
 * @param sizes numbers of runners, each in a JVM of its own
 * @param tokens numbers of Xenonflare workspace tokens, each in a whole process of its own; may be empty
 * @param seconds that each size is watched; each runner asks every 30 s, as the server says
 * @param tokenSeconds after which the memory of whole processes is looked at
 * @param polls in one window of the comparison with the minimal loop
 */
public record IdleBench(List<Integer> sizes, List<Integer> tokens, int seconds, int tokenSeconds, int polls,
        int warmups, int windows) implements Bench {
    private static final int CONNECTIONS = 64;
    private static final int POLLING = 1_000;
    /** So many tokens have a goal of their own. */
    private static final int FEW = 10;
    private static final int EVERY_SECONDS = 30;
    private static final String ZGC = ", ZGC";
    private static final String MINIMAL = "minimal loop";
    private static final String ENGINE = "engine";

    @Override
    public Report measure(Scope scope) {
        Loopback loopback = new Loopback(scope);
        Report.Builder report = Bench.report("idle")
                .condition("each runner asks every " + EVERY_SECONDS + " s on average, as the server says; watched for "
                        + seconds
                        + " s; memory after a full collection, less that of the same engine without runners")
                .condition("poll: windows of " + polls + " lease requests without a job, " + POLLING
                        + " runners, " + CONNECTIONS + " connections; " + loopback.counters())
                .column("heapEach", "heap B each", 0).column("rssEach", "RSS B each", 0)
                .column("rssMiB", "RSS MiB", 0).column("requests", "requests", 0).column("pollsPerSecond", "polls/s", 0)
                .column("cpuEach", "CPU us/s each", 2).column("lateP50", "late p50 ms", 2)
                .column("lateP99", "late p99 ms", 2).column("cpuPer1000", "CPU s/1000", 3)
                .column("miPer1000", "Mi/1000", 0).column("timesCpu", "x CPU", 2)
                .column("timesInstructions", "x instr.", 2);
        polls(scope, loopback, report);
        for (int runners : sizes) {
            scope.say(runners + " runners");
            report.row(name(runners), idle(loopback, runners, Loopback.FLAGS));
        }
        int most = most();
        scope.say(name(most) + ZGC);
        report.row(name(most) + ZGC, idle(loopback, most, zgc()));
        wholeProcesses(scope, report);
        goals(report);
        return report.build();
    }

    private void polls(Scope scope, Loopback loopback, Report.Builder report) {
        Child minimal = loopback.minimal(CONNECTIONS);
        Child engine = loopback.engine(ENGINE, CONNECTIONS, false, 0, Loopback.FLAGS);
        Windows.Result result = Windows.run(scope,
                List.of(loopback.polls(minimal, POLLING, polls), loopback.polls(engine, POLLING, polls)), warmups,
                windows);
        report.condition("poll, " + result.note());
        Figures reference = result.of(MINIMAL);
        result.medians().forEach((name, figures) -> report.row("poll, " + name, Windows.compared(figures, reference)));
        minimal.close();
        engine.close();
    }

    /** All at once: it is memory that is measured. */
    private void wholeProcesses(Scope scope, Report.Builder report) {
        if (tokens.isEmpty()) {
            return;
        }
        scope.say("whole processes, " + tokenSeconds + " s");
        report.condition("tokens: a whole cox run --from-env, by " + CoxProcess.how()
                + ", each token asks every 500 ms; RSS after " + tokenSeconds + " s");
        Map<Integer, WholeProcess> running = new LinkedHashMap<>();
        for (int count : tokens) {
            running.put(count, WholeProcess.start(scope, count));
        }
        running.values().forEach(WholeProcess::awaitRequests);
        Mono.delay(Duration.ofSeconds(tokenSeconds)).block();
        running.forEach((count, process) -> {
            Figures seen = process.look();
            report.row(count + " tokens",
                    new Figures(Map.of("rssMiB", seen.get("rssMiB"), "requests", seen.get("requests"))));
            process.close();
        });
    }

    private static List<String> zgc() {
        // the collector with generations is the only one since 24, and the default since 23
        return Runtime.version().feature() < 23
                ? List.of("-XX:+UseZGC", "-XX:+ZGenerational", "-Xmx1g")
                : List.of("-XX:+UseZGC", "-Xmx1g");
    }

    private int most() {
        return sizes.stream().mapToInt(size -> size).max().orElse(0);
    }

    private Figures idle(Loopback loopback, int runners, List<String> flags) {
        loopback.server().ask("grant", "jobs", 0, "retryAfter", EVERY_SECONDS, "spread", true);
        try (Child child = loopback.engine(name(runners), CONNECTIONS, false, 0, flags)) {
            // connections, classes and compiled code are there before runners are counted
            child.ask("polls", "runners", CONNECTIONS, "polls", CONNECTIONS);
            Figures empty = child.ask("collect");
            child.ask("begin", "runners", runners);
            Figures watched = child.ask("watch", "seconds", seconds);
            Figures full = child.ask("collect");
            return new Figures(Map.of("heapEach", (full.get("heap") - empty.get("heap")) / runners, "rssEach",
                    (full.get("rss") - empty.get("rss")) / runners, "rssMiB", full.get("rss") / (1 << 20),
                    "pollsPerSecond", watched.get("polls") / watched.get("seconds"), "cpuEach",
                    watched.get("cpu") * 1e6 / watched.get("seconds") / runners, "lateP50", watched.get("lateP50"),
                    "lateP99", watched.get("lateP99")));
        }
    }

    private void goals(Report.Builder report) {
        int most = most();
        Figures largest = report.of(name(most));
        String who = " at " + name(most) + " (goal: 100,000)";
        Figures engine = report.of("poll, " + ENGINE);
        Figures minimal = report.of("poll, " + MINIMAL);
        for (int count : tokens) {
            report.goal(Report.Goal.atMost("RSS of a whole process, MiB, at " + count + " tokens",
                    report.of(count + " tokens").get("rssMiB"), count <= FEW ? 110 : 120));
        }
        report.goal(Report.Goal.atMost("heap each, bytes," + who, largest.get("heapEach"), 3 * 1024))
                .goal(Report.Goal.atMost("RSS each, bytes," + who, largest.get("rssEach"), 6 * 1024))
                .goal(Report.Goal.atMost("timer lateness p99, ms," + who, largest.get("lateP99"), 50))
                .goal(Report.Goal.atMost("timer lateness p99, ms, ZGC," + who,
                        report.of(name(most) + ZGC).get("lateP99"), 10))
                .goal(Report.Goal.atMost("poll / minimal loop", Windows.times(engine, minimal), 1.4));
    }

    private static String name(int runners) {
        return String.format(Locale.ROOT, "%,d runners", runners);
    }
}
