package dev.coxswain.supervisor.bench;

import java.util.Locale;

/**
 * How long a job waits for its lease: the engine beside runners that ask at a fixed interval, with as many requests. Jobs
 * arrive in bursts at random moments, the same for both.
 *
 * @param perSecond the engine's request budget
 * @param bursts of jobs
 * @param burst jobs in one
 * @param meanSeconds between two bursts
 * @param jobMillis how long a job takes
 * @param seed of the moments
 */
public record PickupBench(int runners, int perSecond, int bursts, int burst, double meanSeconds, int jobMillis,
        long seed) implements Bench {
    private static final String FIXED = "fixed interval";
    private static final String ENGINE = "engine";
    private static final int POLL_MIN_MILLIS = 500;
    private static final int POLL_MAX_MILLIS = 30_000;
    /** Runners that nobody warms up need time to become idle. */
    private static final double TAIL_SECONDS = 3;

    @Override
    public Report measure(Scope scope) {
        Loopback loopback = new Loopback(scope);
        double seconds = bursts * meanSeconds * 1.3 + TAIL_SECONDS;
        Child engine = loopback.engine(ENGINE, runners, false, jobMillis, Loopback.FLAGS);
        scope.say("engine, " + Math.round(seconds) + " s");
        arrive(loopback);
        Figures ours = engine.ask("pickup", "runners", runners, "perSecond", perSecond, "pollMinMillis",
                POLL_MIN_MILLIS, "pollMaxMillis", POLL_MAX_MILLIS, "seconds", seconds);
        Figures waits = loopback.server().ask("arrived");
        // the reference may ask exactly as often as the engine did
        double interval = runners * seconds / ours.get("requests");
        Child minimal = loopback.minimal(runners);
        scope.say("fixed interval, " + Math.round(seconds) + " s");
        arrive(loopback);
        Figures theirs = minimal.ask("pickup", "runners", runners, "intervalSeconds", interval, "jobMillis", jobMillis,
                "seconds", seconds);
        Figures theirWaits = loopback.server().ask("arrived");
        Report.Builder report = Bench.report("pickup")
                .condition(runners + " runners; " + bursts + " bursts of " + burst + " jobs, " + meanSeconds
                        + " s apart on average, seed " + seed + "; a job takes " + jobMillis + " ms")
                .condition(String.format(Locale.ROOT,
                        "engine: at most %d requests/s, poll 500 ms to 30 s; the fixed interval that asks as often: %.2f s",
                        perSecond, interval))
                .column("requests", "requests", 0).column("taken", "jobs", 0).column("p50", "p50 ms", 1)
                .column("p99", "p99 ms", 1).column("timesP50", "x p50", 2).column("timesP99", "x p99", 2);
        report.row(FIXED, row(theirWaits, theirWaits, theirs)).row(ENGINE, row(waits, theirWaits, ours));
        return report.goal(Report.Goal.atMost("p50 of engine / fixed interval", report.of(ENGINE).get("timesP50"), 0.5))
                .goal(Report.Goal.atMost("p99 of engine / fixed interval", report.of(ENGINE).get("timesP99"), 0.5))
                .goal(Report.Goal.atMost("requests of engine / fixed interval",
                        ours.get("requests") / theirs.get("requests"), 1.1))
                .build();
    }

    private void arrive(Loopback loopback) {
        loopback.server().ask("arrive", "seed", seed, "bursts", bursts, "jobs", burst, "meanSeconds", meanSeconds);
    }

    private static Figures row(Figures waits, Figures reference, Figures requests) {
        return waits.with("requests", requests.get("requests"))
                .with("timesP50", waits.get("p50") / reference.get("p50"))
                .with("timesP99", waits.get("p99") / reference.get("p99"));
    }
}
