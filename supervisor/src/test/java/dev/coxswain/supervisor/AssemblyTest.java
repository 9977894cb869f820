package dev.coxswain.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.logs.JobLog;
import dev.coxswain.supervisor.logs.JobLogs;
import dev.coxswain.supervisor.logs.LogsConfig;
import dev.coxswain.supervisor.logs.SecretSet;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

class AssemblyTest {
    @TempDir
    Path folder;

    @Test
    void logsOfASmallFleetHideTheTokensOfAllItsRunners() throws Exception {
        assertThat(masked(secretsOf(3), "token-2-of-a-runner admin-secret-42")).isEqualTo("*** ***");
    }

    /** With what finds 10,000 tokens in each log, 60 jobs took 256 MiB, and more tokens than that failed every job. */
    @Test
    void logsOfALargeFleetHideWhatIsNoRunnersTokenAndStillOpen() throws Exception {
        assertThat(masked(secretsOf(10_000), "token-2-of-a-runner admin-secret-42"))
                .isEqualTo("token-2-of-a-runner ***");
    }

    private SecretSet secretsOf(int runners) throws IOException {
        List<String> tokens = IntStream.range(0, runners).mapToObj(i -> "token-" + i + "-of-a-runner").toList();
        Files.write(folder.resolve("tokens"), tokens);
        Files.writeString(folder.resolve("admin"), "admin-secret-42");
        Path file = Files.writeString(folder.resolve("fleet.yaml"), """
                supervisor: { admin: { listen: 127.0.0.1:0, tokenFile: ./admin } }
                controlPlanes: { one: { protocol: xenonflare-studio, url: "http://127.0.0.1:9" } }
                pools:
                  - name: one
                    controlPlane: one
                    credentials: { file: ./tokens }
                    workload: { kind: pipeline, command: [ /bin/true ] }
                """);
        return Assembly.secrets(new FleetFileLoader().load(file, Map.of()));
    }

    private String masked(SecretSet secrets, String text) {
        Scheduler files = Schedulers.newBoundedElastic(1, 100, "files");
        try {
            JobLogs logs = new JobLogs(LogsConfig.DEFAULT, folder.resolve("logs"), files,
                    new Meters(new SimpleMeterRegistry()));
            JobLog log = logs.open("job", "one", secrets).blockOptional().orElseThrow();
            String masked = log.mask(text);
            logs.close().block();
            return masked;
        } finally {
            files.dispose();
        }
    }
}
