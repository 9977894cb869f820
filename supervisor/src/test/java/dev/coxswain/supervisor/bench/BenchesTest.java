package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.bench.BenchReports.assertFinite;
import static dev.coxswain.supervisor.bench.BenchReports.measured;
import static dev.coxswain.supervisor.bench.BenchReports.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What all benches share, and the cheapest of them whole; the others are in BenchesIT. */
class BenchesTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void theJournalSharesItsSyncs() throws IOException {
        JsonNode report = measured(new JournalBench(300, 1), folder);

        assertThat(names(report)).containsExactly("off (in memory)", "on, 1 writer", "on, 256 writers");
        assertFinite(report, "perSecond", "p50", "p99", "timesRate");
        assertThat(report.path("rows").path(1).path("commits").asInt()).isEqualTo(15);
        assertThat(report.path("rows").path(2).path("commits").asInt()).isBetween(1, 299);
    }

    @Test
    void theTableShowsWhatIsMissingAndWhetherGoalsAreMet() {
        Report report = new Report.Builder("toy").condition("measured by hand").column("rate", "jobs/s", 1)
                .column("mi", "Mi", 0).row("reference", new Figures(Map.of("rate", 1234.56)))
                .goal(Report.Goal.atMost("ours / reference", 1.39, 1.4))
                .goal(Report.Goal.atLeast("rate", 0.69, 0.7)).goal(Report.Goal.atMost("unknown", Double.NaN, 1))
                .build();
        StringWriter text = new StringWriter();

        Printing.text(report, new PrintWriter(text));

        assertThat(text.toString()).containsPattern("reference +1,234.6 +n/a")
                .containsPattern("ours / reference +1.39 +goal <= 1.4 +met\n")
                .containsPattern("rate +0.69 +goal >= 0.7 +missed\n").containsPattern("unknown +n/a .* not measured");
    }

    @Test
    void aChildThatCannotDoItSaysWhy() {
        try (Scope scope = new Scope(folder, new PrintWriter(new StringWriter()))) {
            Child server = Child.start(scope, "server", Loopback.FLAGS, "server");

            assertThatThrownBy(() -> server.ask("dance")).isInstanceOf(BenchException.class)
                    .hasMessageContaining("server: dance").hasMessageContaining("no order dance");
            assertThat(server.ask("port").get("port")).isPositive();
        }
        assertThat(folder).isEmptyDirectory();
    }
}
