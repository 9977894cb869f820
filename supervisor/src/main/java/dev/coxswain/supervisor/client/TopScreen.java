package dev.coxswain.supervisor.client;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

import dev.coxswain.supervisor.client.Table.Column;

/** A snapshot as lines that fit a terminal: head, control planes, pools, running jobs by age, events. */
public final class TopScreen {
    private static final int MOST_EVENTS = 6;
    private static final int FEW = 3;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final String address;
    private final ZoneId zone;

    /** Shows times of day in {@code zone}. */
    public TopScreen(String address, ZoneId zone) {
        this.address = address;
        this.zone = zone;
    }

    /** At most as many lines as the terminal has, each at most as wide. */
    public List<String> lines(TopFeed.Snapshot snapshot, Terminal terminal, Instant now) {
        List<String> lines = new ArrayList<>();
        Answers.Status status = snapshot.status();
        String failure = snapshot.failure();
        if (failure != null) {
            String said = TextWidth.cut("no answer: " + failure, terminal.columns());
            lines.add(terminal.colour() ? Colours.of("lost", said) : said);
        } else {
            lines.add(TextWidth.cut(address + "   " + TIME.format(now.atZone(zone)), terminal.columns()));
        }
        if (status != null) {
            fleet(lines, snapshot, status, terminal, now);
        }
        return lines.size() <= terminal.lines() ? lines : List.copyOf(lines.subList(0, terminal.lines()));
    }

    /** Control planes and pools get a fifth of the screen each, events up to six lines, jobs the rest. */
    private void fleet(List<String> lines, TopFeed.Snapshot snapshot, Answers.Status status, Terminal terminal,
            Instant now) {
        // a coloured line is longer than it looks; these two are short, so a very narrow terminal gets them plain
        Terminal plain = terminal.columns() < 60
                ? new Terminal(terminal.live(), false, terminal.columns(), terminal.lines())
                : terminal;
        new Views(plain).head(status, now).forEach(line -> lines.add(plain.colour()
                ? line
                : TextWidth.cut(line, terminal.columns())));
        int share = Math.max(FEW, terminal.lines() / 5);
        section(lines, Views.controlPlanes(status, now).lines(terminal), share, terminal.columns());
        section(lines, Views.pools(status).lines(terminal), share, terminal.columns());
        List<String> events = snapshot.events().isEmpty() ? List.of() : events(snapshot.events()).lines(terminal);
        int kept = Math.min(events.size(), MOST_EVENTS + 1);
        int room = terminal.lines() - lines.size() - 2 - (kept == 0 ? 0 : kept + 1);
        section(lines, Views.jobs(snapshot.jobs(), now).lines(terminal), Math.max(FEW, room),
                terminal.columns());
        if (kept > 0) {
            lines.add("");
            lines.addAll(events.subList(0, kept));
        }
    }

    private static void section(List<String> lines, List<String> table, int mostRows, int columns) {
        lines.add("");
        int rows = table.size() - 1;
        if (rows <= mostRows) {
            lines.addAll(table);
        } else {
            lines.addAll(table.subList(0, mostRows));
            lines.add(TextWidth.cut("… and " + (rows - mostRows + 1) + " more", columns));
        }
    }

    private Table events(List<Answers.Event> events) {
        Table table = new Table(Column.text("TIME"), Column.text("EVENT"), Column.text("WHERE"),
                Column.flexible("MESSAGE"));
        for (Answers.Event event : events) {
            Instant at = event.at();
            table.row(at == null ? "-" : TIME.format(at.atZone(zone)), event.type(), where(event),
                    event.message() == null ? "-" : event.message());
        }
        return table;
    }

    private static String where(Answers.Event event) {
        for (String name : new String[]{event.job(), event.runner(), event.pool(), event.controlPlane()}) {
            if (name != null) {
                return name;
            }
        }
        return "-";
    }
}
