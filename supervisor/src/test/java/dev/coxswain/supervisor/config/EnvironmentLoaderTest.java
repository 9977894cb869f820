package dev.coxswain.supervisor.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.responses.ResponsesConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.traces.TracesConfig;

import static org.assertj.core.api.Assertions.assertThat;

class EnvironmentLoaderTest {
    private static final String KEY = "sk-0123456789";

    @TempDir
    private Path path;

    @Test
    void tokenAndKeyAreEnoughAndGiveWhatAFileGives() {
        EnvironmentRun run = load(Map.of("RUNNER_TOKEN", "id.s3cret\n", "OPENAI_API_KEY", KEY));

        Folder folder = new Folder(path);
        folder.write("tokens", "id.s3cret\n");
        assertThat(run.fleet()).isEqualTo(folder.load("""
                controlPlanes:
                  xenonflare:
                    protocol: xenonflare-workspace
                    url: https://cloud.xenonflare.com
                    poll: { min: 2500ms, max: 2500ms }
                pools:
                  - name: xenonflare
                    controlPlane: xenonflare
                    credentials: { file: tokens }
                    workload: { kind: responses }
                """, Map.of("OPENAI_API_KEY", KEY)));
        assertThat(run.limits()).isEqualTo(RunLimits.NONE);
        assertThat(run.fleet().secrets()).contains(new Secret("id.s3cret"), new Secret(KEY));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {"-|2500", "''|2500", "0|2500", "0.0|2500", "often|2500",
            "NaN|2500",
            "250|500", "-3|500", "500|500", " 1234 |1234", "999.9|999", "1e9|2500", "3600000|3600000"})
    void aPauseIsANumberOfMillisecondsFromFiveHundredOn(String written, long millis) {
        Map<String, String> environment = enough();
        if (written != null) {
            environment.put("POLL_MS", written);
        }

        ControlPlaneConfig plane = load(environment).fleet().controlPlanes().get("xenonflare");
        assertThat(plane).isNotNull();
        assertThat(List.of(plane.pollMin(), plane.pollMax())).containsOnly(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1|1", " 20 |20", "0|", "-1|", "1.5|", "many|", "''|",
            "99999999999999999999999|"})
    void aLimitIsAWholeNumberFromOneOnOrThereIsNone(String written, Integer limit) {
        Map<String, String> environment = enough();
        environment.put("RUNNER_JOB_MAX_RUNTIME_MS", written);
        environment.put("RUNNER_JOB_MAX_EMPTY_POLLS", written);

        assertThat(load(environment).limits()).isEqualTo(limit == null
                ? RunLimits.NONE
                : new RunLimits(Duration.ofMillis(limit), OptionalInt.of(limit)));
    }

    @Test
    void severalTokensAreSeveralRunnersWithASlotAndAModelCallEach() {
        Map<String, String> environment = enough();
        StringBuilder tokens = new StringBuilder(" a.1,b.2 c.3\n\td.4 , ");
        for (int i = 0; i < 96; i++) {
            tokens.append("n.").append(i).append('\n');
        }
        environment.put("RUNNER_TOKEN", tokens.toString());

        FleetFile fleet = load(environment).fleet();
        assertThat(fleet.pools().getFirst().credentials()).hasSize(100);
        assertThat(fleet.slots().total()).isGreaterThanOrEqualTo(100);
        assertThat(responses(fleet).parallel()).isEqualTo(100);
    }

    @Test
    void theRealEnvironmentWinsOverTheFileAndBlankMeansTheDefault() {
        new Folder(path).write(".env", """
                # the worker's
                export RUNNER_TOKEN="file.one file.two"
                RUNNER_API_BASE=https://elsewhere.example.org/
                OPENAI_MODEL=from-file
                OPENAI_SUMMARY_MODEL=small # cheap
                OPENAI_BASE_URL='http://127.0.0.1:11434/v1'
                UNRELATED=${x}
                """);

        EnvironmentRun run = load(Map.of("OPENAI_MODEL", "from-environment", "RUNNER_API_BASE", " "));

        assertThat(run.fleet().pools().getFirst().credentials()).hasSize(2);
        assertThat(run.fleet().controlPlanes().get("xenonflare")).isNotNull()
                .satisfies(plane -> assertThat(plane.url()).hasToString("https://cloud.xenonflare.com"));
        ResponsesConfig responses = responses(run.fleet());
        assertThat(responses.model()).isEqualTo("from-environment");
        assertThat(responses.summaryModel()).isEqualTo("small");
        assertThat(responses.baseUrl()).hasToString("http://127.0.0.1:11434/v1");
        assertThat(responses.apiKey()).isNull();
        assertThat(run.fleet().warnings()).isEmpty();
    }

    @Test
    void aFileWithSecretsThatEverybodyCanReadIsAWarning() {
        new Folder(path).write(".env", "RUNNER_TOKEN=a.b\n");
        new Folder(path).open(".env");

        assertThat(load(Map.of("OPENAI_API_KEY", KEY)).fleet().warnings())
                .containsExactly(".env: everybody on this host can read this file; chmod 600 it");
    }

    @Test
    void theTwoListenAddressesAreOursToo() {
        Map<String, String> environment = enough();
        environment.put("COX_ADMIN_LISTEN", "127.0.0.1:0");
        environment.put("COX_METRICS_LISTEN", "0.0.0.0:9999");

        FleetFile fleet = load(environment).fleet();
        assertThat(fleet.admin().adminPort()).isZero();
        assertThat(fleet.admin().metricsHost()).isEqualTo("0.0.0.0");
        environment.put("COX_ADMIN_LISTEN", "0.0.0.0:8710");
        assertThat(problems(environment)).singleElement().asString()
                .startsWith("environment: COX_ADMIN_LISTEN: needs a token");
    }

    @Test
    void tracesGoWhereTheStandardVariableSays() {
        Map<String, String> environment = enough();
        assertThat(load(environment).fleet().traces()).isNull();
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://otel.example.org:4318");
        assertThat(load(environment).fleet().traces())
                .isEqualTo(new TracesConfig(URI.create("http://otel.example.org:4318"), 1, Map.of()));
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "otel");
        assertThat(problems(environment)).singleElement().asString()
                .startsWith("environment: OTEL_EXPORTER_OTLP_ENDPOINT: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"RUNNER_TOKEN|''|environment: RUNNER_TOKEN: is not set",
            "RUNNER_TOKEN|a.s3cret a.s3cret|environment: RUNNER_TOKEN: the same credential stands in environment; separate",
            "RUNNER_TOKEN|a.s3crèt|environment: RUNNER_TOKEN: a credential has spaces or characters",
            "RUNNER_TOKEN|eyJhbGciOiJIUzI1NiJ9.s3cret.s3cret|environment: RUNNER_TOKEN: holds a Firebase ID token",
            "OPENAI_API_KEY|' '|environment: OPENAI_API_KEY: is missing, and api.openai.com needs one; set it, or name a model server",
            "OPENAI_API_KEY|s3cret s3cret|environment: OPENAI_API_KEY: has spaces",
            "OPENAI_BASE_URL|s3cret|environment: OPENAI_BASE_URL: must begin with https:// or http://",
            "OPENAI_BASE_URL|http://m.example.org|environment: OPENAI_BASE_URL: must begin with https://, because",
            "RUNNER_API_BASE|http://c.example.org|environment: RUNNER_API_BASE: must begin with https://",
            "RUNNER_API_BASE|${file:/etc/passwd}|environment: RUNNER_API_BASE: ",
            "POLL_MS|3600001|environment: POLL_MS: must be from 10ms to 1h"})
    void whatIsWrongIsToldOnceByTheVariablesNameAndNotByItsValue(String variable, String value, String message) {
        Map<String, String> environment = enough();
        environment.put(variable, value);

        assertThat(problems(environment)).singleElement().asString().startsWith(message).doesNotContain("s3cr");
    }

    @Test
    void aWrongLineAndAWrongValueOfTheFileHaveTheirLine() {
        Folder folder = new Folder(path);
        folder.write(".env", "RUNNER_TOKEN=a.b\n\nRUNNER_API_BASE=ftp://x\nOPENAI_API_KEY=k\n");
        assertThat(problems(Map.of()))
                .containsExactly(".env:3: RUNNER_API_BASE: must begin with https:// or http://");

        folder.write(".env", "s3cret\nRUNNER_TOKEN=a.b\n");
        assertThat(problems(enough())).containsExactly(".env:1: the line is no assignment; write NAME=value");
        folder.write(".env", "A=" + "x".repeat(70_000));
        assertThat(problems(enough())).containsExactly(".env: the file is larger than 64KiB");
    }

    private static Map<String, String> enough() {
        return new HashMap<>(Map.of("RUNNER_TOKEN", "a.b", "OPENAI_API_KEY", KEY));
    }

    private EnvironmentRun load(Map<String, String> environment) {
        return new EnvironmentLoader(path, () -> "build 01.example.org").load(environment);
    }

    private List<String> problems(Map<String, String> environment) {
        try {
            load(environment);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    private static ResponsesConfig responses(FleetFile fleet) {
        return ((WorkloadEntry.Responses) fleet.pools().getFirst().workload()).config();
    }
}
