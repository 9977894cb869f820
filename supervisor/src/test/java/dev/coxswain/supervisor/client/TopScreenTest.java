package dev.coxswain.supervisor.client;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.client.TopFeed.Change;
import dev.coxswain.supervisor.client.TopFeed.Snapshot;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

class TopScreenTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private final TopScreen screen = new TopScreen("http://127.0.0.1:8710", ZoneOffset.UTC);

    private static Snapshot snapshot(int planes, int jobs) {
        Answers.Status status = new Answers.Status("build-01", "1.2.3", "running", NOW.minusSeconds(3_700), 8, 3, jobs,
                IntStream.range(0, planes).mapToObj(n -> new Answers.ControlPlane("plane-" + n, "oore", "https://x", 5,
                        50, 10, NOW.minusSeconds(2), n == 0 ? "401 from the control plane" : null, null,
                        null)).toList(),
                List.of(new Answers.Pool("pool", "plane-0", "host", 5, 3, 17, null, null)), null);
        return Snapshot.EMPTY.with(new Change.Happened(new Answers.Event(NOW, "job_leased", "plane-0", "pool", "r1",
                "job-0", "leased 0"))).with(new Change.Looked(status,
                        IntStream.range(0, jobs).mapToObj(n -> new Answers.Job("job-" + n, "" + n, "plane-0", "pool",
                                "r" + n, "running", NOW.minusSeconds(125), null, null, null, 4, 2, 2_048,
                                null, null, null)).toList()));
    }

    @Test
    void itShowsTheFleetItsControlPlanesPoolsJobsAndEvents() {
        assertThat(screen.lines(snapshot(1, 2), Terminal.NONE, NOW)).containsExactly(
                "http://127.0.0.1:8710   03:04:05",
                "build-01  running  version 1.2.3, up 1h01m",
                "slots [########............] 3/8   jobs 2",
                "",
                "CONTROL PLANE  PROTOCOL  RUNNERS  REQUESTS  ANSWERED  LAST ERROR",
                "plane-0        oore            5        10    2s ago  401 from the control plane",
                "",
                "POOL  CONTROL PLANE  EXECUTOR  RUNNERS  SLOTS USED  JOBS LEASED",
                "pool  plane-0        host            5           3           17",
                "",
                "JOB    POOL  RUNNER  STATE      AGE  ARTIFACTS    LOG  MESSAGE",
                "job-0  pool  r0      running  2m05s        2/4  2 KiB  -",
                "job-1  pool  r1      running  2m05s        2/4  2 KiB  -",
                "",
                "TIME      EVENT       WHERE  MESSAGE",
                "03:04:05  job_leased  job-0  leased 0");
    }

    @Property(tries = 100)
    void itFitsEveryTerminal(@ForAll @IntRange(min = 1, max = 200) int columns,
            @ForAll @IntRange(min = 1, max = 60) int lines, @ForAll @IntRange(max = 30) int planes,
            @ForAll @IntRange(max = 100) int jobs) {
        assertThat(screen.lines(snapshot(planes, jobs), new Terminal(true, false, columns, lines), NOW))
                .hasSizeLessThanOrEqualTo(lines)
                .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(columns));
    }

    @Test
    void manyJobsLeaveRoomForTheEvents() {
        List<String> lines = screen.lines(snapshot(2, 100), new Terminal(true, false, 100, 30), NOW);

        assertThat(lines).hasSizeLessThanOrEqualTo(30).anyMatch(line -> line.matches("… and \\d+ more"));
        assertThat(lines.get(lines.size() - 1)).contains("job_leased");
    }

    @Test
    void aLookThatFailsIsToldBesideWhatWasLastSeen() {
        List<String> lines = screen.lines(snapshot(1, 1).with(new Change.Failed("nobody listens")), Terminal.NONE, NOW);

        assertThat(lines.get(0)).isEqualTo("no answer: nobody listens");
        assertThat(lines).anyMatch(line -> line.startsWith("job-0"));
    }

    @Test
    void theScreenIsGivenBackOnceAndNothingIsDrawnAfterwards() {
        StringWriter text = new StringWriter();
        Screen drawn = new Screen(new PrintWriter(text));
        assertThat(drawn.draw(List.of("one", "two"))).isTrue();
        drawn.close();
        drawn.close();
        assertThat(drawn.draw(List.of("late"))).isFalse();

        assertThat(text.toString()).startsWith("\u001b[?1049h").contains("one\u001b[K\r\ntwo\u001b[K\u001b[J")
                .endsWith("two\u001b[K\u001b[J\u001b[?25h\u001b[?1049l");
    }
}
