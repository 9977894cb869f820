package dev.coxswain.supervisor.client;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.AdminException.Kind;
import dev.coxswain.supervisor.client.Table.Column;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the supervisor says as lines for people. Each takes the JSON that {@link AdminClient} gave. */
public final class Views {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Terminal terminal;
    private final boolean wide;

    public Views(Terminal terminal) {
        this(terminal, false);
    }

    /** @param wide whether status, runners and jobs have all their columns */
    public Views(Terminal terminal, boolean wide) {
        this.terminal = terminal;
        this.wide = wide;
    }

    /** The fleet at a glance. */
    public List<String> status(String json, Instant now) {
        Answers.Status status = read(json, Answers.Status.class);
        List<String> lines = new ArrayList<>(head(status, now));
        Answers.Sharding sharding = status.sharding();
        if (sharding != null) {
            lines.addAll(sharing(sharding));
        }
        lines.add("");
        lines.addAll((wide ? WideTables.controlPlanes(status, now) : controlPlanes(status, now)).lines(terminal));
        lines.add("");
        lines.addAll((wide ? WideTables.pools(status) : pools(status)).lines(terminal));
        return lines;
    }

    List<String> head(Answers.Status status, Instant now) {
        String state = TextWidth.clean(status.state());
        return List.of(
                TextWidth.clean(status.name()) + "  " + (terminal.colour() ? Colours.of(state, state) : state)
                        + "  version " + TextWidth.clean(status.version()) + ", up "
                        + Ages.since(status.startedAt(), now),
                "slots " + bar(status.slotsUsed(), status.slotsTotal()) + " " + status.slotsUsed() + "/"
                        + status.slotsTotal() + "   jobs " + status.jobsRunning());
    }

    private static List<String> sharing(Answers.Sharding sharding) {
        String fleet = sharding.fleet() == null ? "" : " of fleet " + TextWidth.clean(sharding.fleet());
        String alive = sharding.membersAlive() == null ? "" : ", members alive " + sharding.membersAlive();
        List<String> lines = new ArrayList<>(List.of("sharding " + TextWidth.clean(sharding.mode()) + ": member "
                + TextWidth.clean(sharding.member()) + fleet + alive + "   shards " + sharding.shardsHeld() + "/"
                + sharding.shards() + "   runners here " + sharding.runnersHeld() + ", elsewhere "
                + sharding.runnersElsewhere() + ", handing over " + sharding.runnersHandingOver()));
        String trouble = sharding.trouble();
        if (trouble != null) {
            lines.add("  leases nothing: " + TextWidth.clean(trouble));
        }
        return lines;
    }

    static String bar(int used, int total) {
        int width = 20;
        int full = total <= 0 ? 0 : (int) Math.min(width, Math.ceil((double) width * Math.max(0, used) / total));
        return "[" + "#".repeat(full) + ".".repeat(width - full) + "]";
    }

    static Table controlPlanes(Answers.Status status, Instant now) {
        Table table = new Table(Column.text("CONTROL PLANE"), Column.text("PROTOCOL"), Column.number("RUNNERS"),
                Column.number("REQUESTS"), Column.number("ANSWERED"), Column.flexible("LAST ERROR"));
        orEmpty(status.controlPlanes()).forEach(plane -> table.row(plane.name(), plane.protocol(),
                Integer.toString(plane.runners()), Long.toString(plane.leaseRequests()),
                plane.lastSuccess() == null ? "never" : Ages.since(plane.lastSuccess(), now) + " ago",
                orDash(plane.lastError())));
        return table;
    }

    static Table pools(Answers.Status status) {
        Table table = new Table(Column.text("POOL"), Column.text("CONTROL PLANE"), Column.text("EXECUTOR"),
                Column.number("RUNNERS"), Column.number("SLOTS USED"), Column.number("JOBS LEASED"));
        orEmpty(status.pools()).forEach(pool -> table.row(pool.name(), pool.controlPlane(), pool.executor(),
                Integer.toString(pool.runners()), Integer.toString(pool.slotsUsed()),
                Long.toString(pool.jobsLeased())));
        return table;
    }

    /** Runners, each with the reason why it runs no job. */
    public List<String> runners(Listing listing) {
        if (wide) {
            return WideTables.runners(listing.items().stream().map(item -> read(item, Answers.Runner.class)).toList())
                    .lines(terminal);
        }
        Table table = new Table(Column.text("RUNNER"), Column.text("POOL"), Column.text("CONTROL PLANE"),
                Column.word("STATE"), Column.text("JOB"), Column.flexible("WHY"));
        for (JsonNode item : listing.items()) {
            Answers.Runner runner = read(item, Answers.Runner.class);
            table.row(runner.name(), runner.pool(), runner.controlPlane(), runner.state(), orDash(runner.job()),
                    orDash(runner.why()));
        }
        return table.lines(terminal);
    }

    /** Jobs in the order in which they came. */
    public List<String> jobs(Listing listing, Instant now) {
        List<Answers.Job> jobs = listing.items().stream().map(item -> read(item, Answers.Job.class)).toList();
        return (wide ? WideTables.jobs(jobs, now) : jobs(jobs, now)).lines(terminal);
    }

    static Table jobs(List<Answers.Job> jobs, Instant now) {
        Table table = new Table(Column.text("JOB"), Column.text("POOL"), Column.text("RUNNER"), Column.word("STATE"),
                Column.number("AGE"), Column.number("ARTIFACTS"), Column.number("LOG"), Column.flexible("MESSAGE"));
        for (Answers.Job job : jobs) {
            String result = job.result();
            Instant until = job.endedAt();
            table.row(job.key(), job.pool(), job.runner(), result == null ? job.state() : result,
                    Ages.since(job.leasedAt(), until == null ? now : until),
                    job.artifactsDone() + "/" + job.artifactsTotal(), bytes(job.logBytes()),
                    orDash(job.message()));
        }
        return table;
    }

    /** What a reload did; the first line says whether it did anything. Problems are not among them. */
    public List<String> reloaded(String json) {
        Answers.Reloaded done = read(json, Answers.Reloaded.class);
        List<String> lines = new ArrayList<>();
        if (done.applied()) {
            List<String> changes = orEmpty(done.changes());
            lines.add(changes.isEmpty() ? "reloaded: nothing has changed" : "reloaded:");
            changes.forEach(change -> lines.add("  " + TextWidth.clean(change)));
        }
        List<String> restart = orEmpty(done.needsRestart());
        if (!restart.isEmpty()) {
            lines.add("needs a restart:");
            restart.forEach(change -> lines.add("  " + TextWidth.clean(change)));
        }
        return lines;
    }

    /** Why a reload was refused, one line each; empty when it was carried out. */
    public static List<String> problems(String json) {
        Answers.Reloaded done = read(json, Answers.Reloaded.class);
        if (done.applied()) {
            return List.of();
        }
        List<String> problems = new ArrayList<>(orEmpty(done.problems()).stream().map(TextWidth::clean).toList());
        problems.add("the configuration is not valid; the old one is kept");
        return problems;
    }

    /** One field of an answer; empty when it is not there. */
    public static String field(String json, String name) {
        JsonNode value = read(json, JsonNode.class).get(name);
        return value == null ? "" : TextWidth.clean(value.asString(""));
    }

    static <T> T read(JsonNode item, Class<T> type) {
        try {
            return JSON.treeToValue(item, type);
        } catch (JacksonException e) {
            throw new AdminException(Kind.FAILED, "the supervisor's answer can't be read; is it a newer one?", e);
        }
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JacksonException e) {
            throw new AdminException(Kind.FAILED, "the supervisor's answer can't be read; is it a newer one?", e);
        }
    }

    static String bytes(long bytes) {
        return bytes < 1_024
                ? bytes + " B"
                : bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    static String orDash(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
