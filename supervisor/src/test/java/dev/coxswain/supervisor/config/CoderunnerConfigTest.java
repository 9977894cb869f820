package dev.coxswain.supervisor.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.function.FunctionConfig;
import dev.coxswain.supervisor.coderunner.CoderunnerConfig;
import dev.coxswain.supervisor.coderunner.access.AuthConfig;
import dev.coxswain.supervisor.controlplane.Credential;

import static org.assertj.core.api.Assertions.assertThat;

/** A Coderunner that we serve, and its pool of functions. */
class CoderunnerConfigTest {
    private static final String LEAST = """
            controlPlanes:
              functions: { protocol: coderunner, listen: 127.0.0.1:8720, auth: { insecureNoAuth: true } }
            pools:
              - name: functions
                controlPlane: functions
                runners: 3
            """;

    @TempDir
    private Path path;

    @Test
    void littleMustBeSaid() {
        FleetFile file = new Folder(path).load(LEAST);
        PoolConfig pool = file.pools().getFirst();
        CoderunnerConfig served = file.served().get("functions");

        assertThat(served).isNotNull();
        assertThat(served.auth()).isEqualTo(AuthConfig.NONE);
        assertThat(served.port()).isEqualTo(8720);
        assertThat(served.publicUrl()).isNull();
        assertThat(pool.credentials()).extracting(Credential::runner).containsExactly("functions-1", "functions-2",
                "functions-3");
        assertThat(pool.credentials()).extracting(Credential::token).doesNotHaveDuplicates()
                .noneMatch(file.secrets()::contains);
        assertThat(pool.workload()).isEqualTo(new WorkloadEntry.Function(FunctionConfig.DEFAULTS, List.of()));
    }

    @Test
    void keysMayBeFilesAloneOrSections() {
        FleetFile file = new Folder(path).load(LEAST.replace("auth: { insecureNoAuth: true } }", """
                publicUrl: https://functions.example.org/, publicEndpoints: true,
                        auth: { serviceTokenFile: ./token, issuer: us,
                          publicKeys: [ keys.pem, { file: more.pem, kid: k2, session: trusted } ] } }""")
                + "    workload: { timeout: 1m, jobTimeout: 2h, warm: { max: 4, idle: 30s }, dotnet: [ dotnet-script ] }\n");
        CoderunnerConfig served = file.served().get("functions");

        assertThat(served).isNotNull();
        assertThat(served.publicUrl()).isEqualTo(URI.create("https://functions.example.org"));
        assertThat(served.publicEndpoints()).isTrue();
        assertThat(served.auth()).isEqualTo(new AuthConfig(path.resolve("token"),
                List.of(new AuthConfig.PublicKeyFile(path.resolve("keys.pem"), null, false),
                        new AuthConfig.PublicKeyFile(path.resolve("more.pem"), "k2", true)),
                null, false, "us", null, false));
        assertThat(file.pools().getFirst().workload()).isEqualTo(new WorkloadEntry.Function(
                new FunctionConfig(Duration.ofMinutes(1), Duration.ofHours(2), 4, Duration.ofSeconds(30)),
                List.of("dotnet-script")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"127.0.0.1:8720 | 0.0.0.0:8720 | can be reached by others than this host",
            "{ insecureNoAuth: true } | { issuer: us } | names no way to tell callers apart",
            "runners: 3 | credentials: { values: [ abc ] } | runners: is missing",
            "runners: 3 | runners: 0 | must be from 1 to 100000",
            "listen: 127.0.0.1:8720 | listen: 127.0.0.1:8720, trustedProxies: [ example.org ] | is no address or network",
            "listen: 127.0.0.1:8720 | listen: 127.0.0.1:8720, url: https://x.example.org | url: is no key of a control plane of protocol coderunner"})
    void whatCanNotWorkIsRefused(String from, String to, String problem) {
        assertThat(new Folder(path).problems(LEAST.replace(from, to), Map.of())).asString().contains(problem);
    }

    @Test
    void aReloadChangesNothingOfWhatIsServed() {
        FleetFile running = new Folder(path).load(LEAST);
        FleetFile changed = new Folder(path).load(LEAST.replace("8720", "8721"));

        assertThat(FleetDiff.between(running, changed).needsRestart()).singleElement().asString()
                .contains("controlPlanes.functions");
        assertThat(changed.keeping(running).served()).isEqualTo(running.served());
    }
}
