package dev.coxswain.supervisor.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Topic;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The calls of one workspace job as they arrive at the simulator, beside those of the official runner for the same job
 * (contract xenonflare-workspace 5, seen there). The same calls in the same order, but for the heartbeats, which are our
 * choice (contract 9): one at once when the job is leased, so that fetching the context is covered; none right before the
 * report, since a lease that is gone shows in the report's own answer; more of them only after a third of the lease.
 */
class SideBySideIT {
    private static final String WORKSPACE = "xenonflare-workspace";
    private static final String MODEL = "responses-model";
    private static final String BEAT = "heartbeatWorkspaceJob";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
            // job | what the model does | shape of the conversation | what the official runner sends
            "no tool call      | plain    | 1 | lease context beat model beat complete",
            "with tool calls   | one_tool | 1 | lease context beat model model beat complete",
            "several at once   | parallel | 1 | lease context beat model model beat complete",
            "with summary      | plain    | 3 | lease context beat model summary model beat complete",
            "one repair        | placeholder | 1 | lease context beat model model model beat complete",
            "fails validation  | hopeless | 1 | lease context beat model model model model model fail"})
    void theCallsOfAJobAreThoseOfTheOfficialRunner(String job, String temper, long seed, String official)
            throws Exception {
        List<String> theirs = Arrays.asList(official.split(" "));

        List<String> ours = calls(temper, seed);

        System.out.printf("%-17s official: %s%n%-17s ours:     %s%n", job, official, "", String.join(" ", ours));
        assertThat(without("beat", ours)).isEqualTo(without("beat", theirs));
        assertThat(ours.stream().filter("beat"::equals)).as("one heartbeat, and not right before the report")
                .hasSize(1);
        // it leaves with the lease on a connection of its own, and may arrive after the context or the first model call
        assertThat(ours.get(ours.size() - 2)).isNotEqualTo("beat");
    }

    private List<String> calls(String temper, long seed) throws Exception {
        Simulator simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults()
                .withProtocols(List.of(WORKSPACE, MODEL)).withJobs(1).withTokens(1).withSeed(seed)
                .withTopics(List.of(new Topic("[model:" + temper + "] tides", "plain", "v", false)))).start().block());
        try {
            Path file = folder.resolve("fleet.yaml");
            Files.writeString(file, """
                    supervisor: { name: side, stateDir: ./state, workDir: ./work, admin: { listen: "127.0.0.1:0" }, metrics: { listen: "127.0.0.1:0" } }
                    controlPlanes:
                      studio: { protocol: xenonflare-workspace, url: "%s", poll: { min: 500ms, max: 5s } }
                    pools:
                      - name: answers
                        controlPlane: studio
                        credentials: { values: [ "%s" ] }
                        workload: { kind: responses, baseUrl: "%s/v1", apiKey: "%s" }
                    """.formatted(simulator.url(WORKSPACE), simulator.tokens(WORKSPACE).getFirst(),
                    simulator.url(MODEL), simulator.tokens(MODEL).getFirst()));
            FleetFileLoader loader = new FleetFileLoader();
            Supervisor supervisor = Objects
                    .requireNonNull(Supervisor.start(() -> loader.load(file, Map.of()), Map.of()).block(PATIENCE));
            try {
                simulator.ledger().whenAllSettled().block(PATIENCE);
                supervisor.fleet().drain();
                supervisor.drained().block(PATIENCE);
            } finally {
                supervisor.stop().block(PATIENCE);
            }
            assertThat(simulator.ledger().verdict().clean()).as(simulator.ledger().toJson(1, 50)).isTrue();
            JsonNode recent = new JsonMapper().readTree(simulator.ledger().toJson(0, 100)).path("requests")
                    .path("recent");
            List<String> words = recent.valueStream().map(request -> word(request.path("path").asString())).toList();
            // polls that found nothing say nothing about the job: the first one found it
            return Stream.concat(Stream.of("lease"),
                    words.stream().filter(word -> !word.equals("lease"))).toList();
        } finally {
            simulator.stop().block(PATIENCE);
        }
    }

    private static String word(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        return switch (last) {
            case "leaseWorkspaceJob" -> "lease";
            case BEAT -> "beat";
            case "getWorkspaceRunnerContext" -> "context";
            case "updateWorkspaceRunnerSummary" -> "summary";
            case "completeWorkspaceJob" -> "complete";
            case "failWorkspaceJob" -> "fail";
            case "responses" -> "model";
            default -> path;
        };
    }

    private static List<String> without(String word, List<String> words) {
        return words.stream().filter(each -> !each.equals(word)).toList();
    }
}
