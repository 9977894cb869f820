package dev.coxswain.supervisor.client;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.Table.Column;

/** The same tables with everything that the supervisor says, for {@code -o wide}. A dash is what it does not say. */
final class WideTables {
    private WideTables() {}

    static Table controlPlanes(Answers.Status status, Instant now) {
        Table table = new Table(Column.text("CONTROL PLANE"), Column.text("PROTOCOL"), Column.text("URL"),
                Column.number("RUNNERS"), Column.number("REQUESTS"), Column.number("RATE/S"),
                Column.number("BUDGET/S"), Column.word("CIRCUIT"), Column.number("ANSWERED"),
                Column.flexible("LAST ERROR"));
        Views.orEmpty(status.controlPlanes()).forEach(plane -> table.row(plane.name(), plane.protocol(),
                Views.orDash(plane.url()), Integer.toString(plane.runners()), Long.toString(plane.leaseRequests()),
                number(plane.requestRate()), number(plane.requestsPerSecond()), Views.orDash(plane.circuit()),
                plane.lastSuccess() == null ? "never" : Ages.since(plane.lastSuccess(), now) + " ago",
                Views.orDash(plane.lastError())));
        return table;
    }

    static Table pools(Answers.Status status) {
        Table table = new Table(Column.text("POOL"), Column.text("CONTROL PLANE"), Column.text("EXECUTOR"),
                Column.number("RUNNERS"), Column.number("SLOTS USED"), Column.number("JOBS LEASED"),
                Column.text("STATES"), Column.flexible("WAITING"));
        Views.orEmpty(status.pools()).forEach(pool -> table.row(pool.name(), pool.controlPlane(), pool.executor(),
                Integer.toString(pool.runners()), Integer.toString(pool.slotsUsed()),
                Long.toString(pool.jobsLeased()), Views.orDash(states(pool.states())),
                Views.orDash(Views.orEmpty(pool.waiting()).stream()
                        .map(reason -> reason.runners() + ": " + Views.orDash(reason.why()))
                        .collect(Collectors.joining("; ")))));
        return table;
    }

    static Table runners(List<Answers.Runner> runners) {
        Table table = new Table(Column.text("RUNNER"), Column.text("POOL"), Column.text("CONTROL PLANE"),
                Column.word("STATE"), Column.number("JOBS HELD"), Column.flexible("JOBS"), Column.flexible("WHY"));
        runners.forEach(runner -> {
            List<String> jobs = Views.orEmpty(runner.jobs());
            table.row(runner.name(), runner.pool(), runner.controlPlane(), runner.state(),
                    runner.jobs() == null ? "-" : Integer.toString(jobs.size()),
                    Views.orDash(jobs.isEmpty() ? runner.job() : String.join(", ", jobs)), Views.orDash(runner.why()));
        });
        return table;
    }

    static Table jobs(List<Answers.Job> jobs, Instant now) {
        Table table = new Table(Column.text("JOB"), Column.text("JOB ID"), Column.text("CONTROL PLANE"),
                Column.text("POOL"), Column.text("RUNNER"), Column.word("STATE"), Column.text("LEASED AT"),
                Column.number("AGE"), Column.number("RAN"), Column.number("LEASE LEFT"), Column.number("ARTIFACTS"),
                Column.number("LOG"), Column.number("LOG DROPPED"), Column.flexible("MESSAGE"));
        jobs.forEach(job -> {
            String result = job.result();
            Instant until = job.endedAt() == null ? now : job.endedAt();
            table.row(job.key(), Views.orDash(job.jobId()), job.controlPlane(), job.pool(), job.runner(),
                    result == null ? job.state() : result,
                    job.leasedAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                    Ages.since(job.leasedAt(), until), Ages.since(job.runningAt(), until),
                    job.fenceAt() == null ? "-" : Ages.of(Duration.between(now, job.fenceAt())),
                    job.artifactsDone() + "/" + job.artifactsTotal(), Views.bytes(job.logBytes()),
                    job.logDroppedBytes() == null ? "-" : Views.bytes(job.logDroppedBytes()),
                    Views.orDash(job.message()));
        });
        return table;
    }

    /** Those that somebody is in, the most first. */
    private static String states(@Nullable Map<String, Integer> states) {
        return states == null
                ? ""
                : states.entrySet().stream().filter(state -> state.getValue() > 0)
                        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                        .map(state -> state.getKey() + " " + state.getValue()).collect(Collectors.joining(", "));
    }

    private static String number(@Nullable Double value) {
        return value == null
                ? "-"
                : value == Math.rint(value)
                        ? Long.toString(Math.round(value))
                        : String.format(Locale.ROOT, "%.1f", value);
    }
}
