package dev.coxswain.supervisor.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.responses.Prices;
import dev.coxswain.executors.responses.ResponsesConfig;
import dev.coxswain.supervisor.controlplane.Secret;

import static org.assertj.core.api.Assertions.assertThat;

class ResponsesConfigTest {
    private static final String KEY = "sk-0123456789";
    private static final Map<String, String> WITH_KEY = Map.of("OPENAI_API_KEY", KEY);

    @TempDir
    private Path path;
    private final Problems problems = new Problems();
    private final Set<Secret> secrets = new LinkedHashSet<>();

    @Test
    void withAKeyInTheEnvironmentNothingElseMustBeSaid() {
        ResponsesConfig config = read("kind: responses", WITH_KEY);

        assertThat(problems()).isEmpty();
        assertThat(config).isEqualTo(new ResponsesConfig("gpt-5-mini", "gpt-5-mini",
                URI.create("https://api.openai.com/v1"), KEY, 8, Duration.ofMinutes(10), Duration.ofMinutes(30),
                Prices.NONE, Prices.NONE));
        assertThat(secrets).containsExactly(new Secret(KEY));
        assertThat(config.toString()).doesNotContain(KEY);
    }

    @Test
    void theOfficialVariablesAreTheDefaultsAndBlankOnesAreNotSet() {
        ResponsesConfig config = read("kind: responses", Map.of("OPENAI_MODEL", "m", "OPENAI_SUMMARY_MODEL", "s",
                "OPENAI_BASE_URL", "https://models.example.org/v1/", "OPENAI_API_KEY", " "));

        assertThat(problems()).isEmpty();
        assertThat(config.model()).isEqualTo("m");
        assertThat(config.summaryModel()).isEqualTo("s");
        assertThat(config.baseUrl()).hasToString("https://models.example.org/v1");
        assertThat(config.apiKey()).isNull();
    }

    @Test
    void theFileWinsOverTheEnvironment() {
        ResponsesConfig config = read("""
                kind: responses
                model: a/b:c
                summaryModel: small
                baseUrl: http://127.0.0.1:11434/v1
                apiKey: "${MY_KEY}"
                parallel: 3
                callTimeout: 2m
                timeout: 1h
                prices: { input: 0.25, cachedInput: 0.025, output: 2 }
                summaryPrices: { input: 1, output: 4 }
                """, Map.of("MY_KEY", "key-of-mine", "OPENAI_API_KEY", KEY, "OPENAI_MODEL", "other"));

        assertThat(problems()).isEmpty();
        assertThat(config).isEqualTo(new ResponsesConfig("a/b:c", "small", URI.create("http://127.0.0.1:11434/v1"),
                "key-of-mine", 3, Duration.ofMinutes(2), Duration.ofHours(1), new Prices(0.25, 0.025, 2),
                new Prices(1, 1, 4)));
        assertThat(secrets).containsExactly(new Secret("key-of-mine"));
    }

    @Test
    void whatCanNotWorkIsRefusedWithItsPlaceAndAHint() {
        read("kind: responses", Map.of());
        assertThat(problems()).singleElement().asString().contains("apiKey: is missing, and api.openai.com needs one");

        read("kind: responses\nbaseUrl: http://models.example.org/v1", WITH_KEY);
        assertThat(problems()).last().asString().contains("baseUrl: must begin with https://")
                .contains("loopback");

        read("kind: responses\ncommand: [ render ]", WITH_KEY);
        assertThat(problems()).last().asString()
                .contains("command: is no key of a workload of kind responses");

        read("kind: responses", Map.of("OPENAI_API_KEY", "with a blank"));
        assertThat(problems()).anySatisfy(line -> assertThat(line).contains("OPENAI_API_KEY in the environment")
                .doesNotContain("with a blank"));
    }

    @Test
    void aKeyOfAnotherKindIsRefusedInAPipelineToo() {
        Folder folder = new Folder(path);

        assertThat(folder.problems(Folder.LEAST.replace("command: [ render ]",
                "command: [ render ], parallel: 3"))).singleElement().asString()
                .contains("parallel: is no key of a workload of kind pipeline");
    }

    @Test
    void aStudioHasNoConversationsToAnswer() {
        Folder folder = new Folder(path);

        assertThat(folder.problems(Folder.LEAST.replace("command: [ render ]", "kind: responses"), WITH_KEY))
                .singleElement().asString().contains("responses can't do the jobs of xenonflare-studio")
                .contains("xenonflare-workspace");
    }

    /** The workload alone: what control planes it suits is the pool's business. */
    private ResponsesConfig read(String workload, Map<String, String> environment) {
        String yaml = "workload:\n" + workload.indent(2);
        Reader reader = new Reader("fleet.yaml", path, problems, new Substitution(environment, path));
        YamlNode tree = Objects.requireNonNull(YamlTree.parse("fleet.yaml", yaml, problems));
        Section pool = Objects.requireNonNull(Section.open(reader, ConfigKeys.of(FleetKeys.Pool.WORKLOAD),
                Objects.requireNonNull(reader.entries(tree, "")), ""));
        WorkloadEntry entry = new WorkloadAssembler(reader, environment, secrets).assemble(pool,
                ProtocolRules.WORKSPACE, null);
        if (entry instanceof WorkloadEntry.Responses(var config)) {
            return config;
        }
        throw new AssertionError("not of kind responses: " + entry);
    }

    private List<String> problems() {
        try {
            problems.throwIfAny("fleet.yaml");
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }
}
