package dev.coxswain.supervisor.endtoend;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.demo.Demo;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Verdict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Workspace jobs from lease to result, with the demo's command: two readings of one contract agree. */
class WorkspaceIT {
    private static final String WORKSPACE = "xenonflare-workspace";
    /** Six shapes of conversations, two of which want a summary. */
    private static final int JOBS = 12;

    @TempDir
    Path folder;

    @Test
    void everyConversationIsAnsweredOnceAndSummariesAreKeptWhereTheyAreWanted() throws Exception {
        Simulator simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults()
                .withProtocols(List.of(WORKSPACE)).withJobs(JOBS).withTokens(4)).start().block());
        try {
            SupervisorFolder files = new SupervisorFolder(folder);
            Path config = files.write(simulator.url(WORKSPACE), simulator.tokens(WORKSPACE), 4, "", "", "");
            Files.writeString(config, Files.readString(config).replace("xenonflare-studio", WORKSPACE));
            try (InputStream command = Objects.requireNonNull(Demo.class.getResourceAsStream("word-count"))) {
                Files.copy(command, folder.resolve("job"), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.setPosixFilePermissions(folder.resolve("job"), PosixFilePermissions.fromString("rwx------"));
            try (SupervisorProcess process = new SupervisorProcess(files, Map.of())) {
                simulator.ledger().whenAllSettled().block(Duration.ofSeconds(60));
                process.signal("TERM");
                assertThat(process.awaitExit(Duration.ofSeconds(40))).as(process.logText()).isZero();
            }
            Verdict verdict = simulator.ledger().verdict();
            assertThat(verdict.clean()).as(simulator.ledger().toJson(JOBS, 0)).isTrue();
            assertThat(verdict.completed()).isEqualTo(JOBS);
            assertThat(verdict.leases()).isEqualTo(JOBS);
            JsonNode requests = new JsonMapper().readTree(simulator.ledger().toJson(0, 0)).path("requests");
            assertThat(requests.path("counts").valueStream().filter(count -> count.path("kind").asString()
                    .equals("write"))).as("summaries").singleElement().satisfies(count -> {
                        assertThat(count.path("status").asInt()).isEqualTo(200);
                        assertThat(count.path("count").asInt()).isEqualTo(JOBS / 3);
                    });
            assertThat(files.workspacesLeft()).isEmpty();
            assertThat(files.processesLeft()).isEmpty();
        } finally {
            simulator.stop().block();
        }
    }
}
