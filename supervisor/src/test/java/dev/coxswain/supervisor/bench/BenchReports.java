package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs benches for tests, and reads what they print. */
public final class BenchReports {
    private BenchReports() {}

    /** The report of this bench, which must leave neither files nor processes behind. */
    public static JsonNode measured(Bench bench, Path folder) throws IOException {
        StringWriter out = new StringWriter();
        Bench.run(bench, folder, true, new PrintWriter(out), new PrintWriter(new StringWriter()));

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).as("left behind").isEmpty();
        }
        assertThat(ProcessHandle.current().children().map(child -> child.info().commandLine())
                .flatMap(Optional::stream)).noneMatch(line -> line.contains(ChildMain.class.getName()));
        return new JsonMapper().readTree(out.toString());
    }

    /** The names of its rows. */
    public static List<String> names(JsonNode report) {
        return report.path("rows").valueStream().map(row -> row.path("name").asString()).toList();
    }

    /** Every row has a number under each of these keys. */
    public static void assertFinite(JsonNode report, String... keys) {
        for (JsonNode row : report.path("rows")) {
            assertThat(keys).allSatisfy(
                    key -> assertThat(row.path(key).isNumber()).as("%s of %s", key, row.path("name")).isTrue());
        }
    }
}
