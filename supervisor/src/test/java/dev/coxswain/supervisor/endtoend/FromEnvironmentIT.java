package dev.coxswain.supervisor.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/** The official worker's environment and nothing else: jobs are answered by a model, and the process ends by itself. */
class FromEnvironmentIT {
    private static final String WORKSPACE = "xenonflare-workspace";
    private static final String MODEL = "responses-model";
    private static final int JOBS = 4;

    @TempDir
    Path folder;

    @Test
    void jobsRunToTheEndAndTheProcessEndsWhenNothingComes() throws Exception {
        Simulator simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults()
                .withProtocols(List.of(WORKSPACE, MODEL)).withJobs(JOBS).withTokens(2)).start().block());
        try {
            SupervisorFolder files = new SupervisorFolder(folder);
            String key = simulator.tokens(MODEL).getFirst();
            Files.writeString(files.folder().resolve(".env"), """
                    export OPENAI_API_KEY='%s'
                    RUNNER_TOKEN=overruled.token
                    POLL_MS=1 # clamped
                    RUNNER_JOB_MAX_EMPTY_POLLS=2
                    """.formatted(key));
            Map<String, String> environment = Map.of("RUNNER_TOKEN",
                    String.join(",\n", simulator.tokens(WORKSPACE)), "RUNNER_API_BASE",
                    simulator.url(WORKSPACE) + "/", "OPENAI_BASE_URL", simulator.url(MODEL) + "/v1",
                    "COX_ADMIN_LISTEN", "127.0.0.1:0", "COX_METRICS_LISTEN", "127.0.0.1:0");
            try (SupervisorProcess process = new SupervisorProcess(files, environment, List.of("--from-env"),
                    List.of())) {
                assertThat(process.awaitExit(Duration.ofSeconds(90))).as(process.logText()).isZero();
                assertThat(process.logText()).contains("RUNNER_JOB_MAX_EMPTY_POLLS: leasing no more")
                        .doesNotContain(simulator.tokens(WORKSPACE)).doesNotContain(key).doesNotContain("cxsk");
            }
            Verdict verdict = simulator.ledger().verdict();
            assertThat(verdict.clean()).as(simulator.ledger().toJson(JOBS, 0)).isTrue();
            assertThat(verdict.completed()).as(simulator.ledger().toJson(JOBS, 0)).isEqualTo(JOBS);
        } finally {
            simulator.stop().block();
        }
    }
}
