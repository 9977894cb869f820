package dev.coxswain.supervisor.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.testing.RudeServer;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code cox functions}, from an empty folder to a log, against a server on loopback (contract coderunner 12, 13). */
class FunctionsTest {
    private static final String WORKSPACE = "0b6f8f0e-3c43-4a60-9a2b-6a5a4c1f0d11";
    private static final String TOKEN = "t0ken-of-a-person";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final RudeServer server = new RudeServer();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void stop() {
        server.close();
        assertThat(err.toString(StandardCharsets.UTF_8) + out.toString(StandardCharsets.UTF_8)).doesNotContain(TOKEN);
    }

    private static Reply ok(String data) {
        return Reply.json("{\"success\":true,\"message\":\"fine\",\"data\":" + data + "}");
    }

    private Path code() {
        return folder.resolve("hello");
    }

    private int local(String... arguments) {
        out.reset();
        err.reset();
        CommandLine line = Cox.line().setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        List<String> all = new ArrayList<>(List.of("functions"));
        all.addAll(List.of(arguments));
        return line.execute(all.toArray(String[]::new));
    }

    private int cox(String command, String... arguments) {
        try {
            Path token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
            Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
            List<String> all = new ArrayList<>(List.of(command, code().toString(), "--url", server.uri().toString(),
                    "--workspace", WORKSPACE, "--user", "u-1", "--token-file", token.toString()));
            all.addAll(List.of(arguments));
            return local(all.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private List<String> requests() {
        return server.seen().stream().map(seen -> seen.method() + " " + seen.uri()).toList();
    }

    private String manifest() {
        assertThat(local("manifest", code().toString())).isZero();
        return said();
    }

    private String endpoint() {
        return server.uri() + "/fn/d-1";
    }

    private void push(String type, String... arguments) {
        server.then(ok("{\"id\":\"d-1\"}"), ok("{\"versionId\":\"v-1\"}"), ok("{\"status\":3}"),
                ok("{\"deploymentId\":\"x-1\",\"status\":2}"),
                ok("{\"status\":3,\"configuration\":{\"externalEndpoint\":"
                        + (type.isEmpty() ? "null" : "\"" + endpoint() + "\"") + "}}"));
        assertThat(local("init", code().toString())).isZero();
        assertThat(cox("push", arguments)).as(complained()).isZero();
    }

    @Test
    void aFunctionIsMadePushedAndPrintsWhereItIs() {
        push("function", "--description", "first");

        assertThat(said()).isEqualTo(endpoint() + "\n");
        assertThat(complained()).contains("version v-1: Completed").contains("deployment x-1: Completed");
        assertThat(server.seen().getFirst().body()).isEqualTo(
                "{\"name\":\"hello\",\"description\":\"first\",\"deploymentType\":1,\"languageType\":1}");
        assertThat(server.seen().get(1).body()).contains("index.mjs").doesNotContain("coderunner.json");
        assertThat(manifest()).isEqualTo("definition_id d-1\nversion_id v-1\ndeployment_id x-1\n");
    }

    @Test
    void theNextPushIsANewVersionOfTheSameDefinition() {
        push("function");
        server.then(ok("{\"versionId\":\"v-2\"}"), ok("{\"status\":3}"), ok("{\"deploymentType\":1}"),
                ok("{\"deploymentId\":\"x-2\"}"),
                ok("{\"status\":3,\"configuration\":{\"externalEndpoint\":\"" + endpoint() + "\"}}"));

        assertThat(cox("push", "--memory", "64Mi")).isZero();

        assertThat(requests().subList(5, 10)).containsExactly("POST /api/file/d-1/upload", "GET /api/version/v-2",
                "GET /api/definitions/d-1", "POST /api/deployment/create", "GET /api/deployment/x-2");
        assertThat(server.seen().get(8).body()).contains("\"Configuration\":{\"Memory\":\"64Mi\"}");
        assertThat(manifest()).contains("version_id v-2").contains("deployment_id x-2");
    }

    @Test
    void aScheduleIsOneByItsCron() {
        push("", "--cron", "*/5 * * * *");

        assertThat(server.seen().getFirst().body()).contains("\"deploymentType\":3");
        assertThat(server.seen().get(3).body()).contains("\"CronExpression\":\"*/5 * * * *\"");
        assertThat(said()).isEqualTo("deployed x-1\n");
    }

    @Test
    void aVersionThatFailsIsKeptInTheManifestAndNotDeployed() {
        server.then(ok("{\"id\":\"d-1\"}"), ok("{\"versionId\":\"v-1\"}"),
                ok("{\"status\":4,\"statusMessage\":\"npm has no network\"}"));
        local("init", code().toString());

        assertThat(cox("push")).isEqualTo(ExitCodes.UNEXPECTED);

        assertThat(complained()).contains("cox: the version can't be used: npm has no network");
        assertThat(manifest()).isEqualTo("definition_id d-1\nversion_id v-1\n");
        assertThat(server.seen()).hasSize(3);
    }

    @Test
    void anOlderVersionIsDeployedByItsId() {
        push("function");
        server.then(ok("{\"deploymentType\":1}"), ok("{\"deploymentId\":\"x-2\"}"),
                ok("{\"status\":3,\"configuration\":{\"externalEndpoint\":\"" + endpoint() + "\"}}"));

        assertThat(cox("deploy", "--version-id", "v-0", "--cpu", "500m")).isZero();

        assertThat(server.seen().get(6).body()).isEqualTo(
                "{\"DefinitionId\":\"d-1\",\"VersionId\":\"v-0\",\"Configuration\":{\"Cpu\":\"500m\"}}");
        assertThat(manifest()).contains("version_id v-0").contains("deployment_id x-2");
    }

    @Test
    void aRunPrintsItsResultAndItsLogIsFoundAgain() {
        push("function");
        server.then(ok("{\"status\":3,\"configuration\":{\"externalEndpoint\":\"" + endpoint() + "\"}}"),
                ok("{\"executionId\":\"e-1\",\"status\":3,\"result\":{\"hello\":\"Ada\"}}"),
                ok("[{\"time\":\"2026-01-02T03:04:05Z\",\"stream\":\"stdout\",\"text\":\"INFO called\"}]"));

        assertThat(cox("run", "--payload", "{\"name\": \"Ada\"}")).isZero();
        assertThat(said()).isEqualTo("{\"hello\":\"Ada\"}\n");
        assertThat(server.seen().get(6).uri() + " " + server.seen().get(6).body())
                .isEqualTo("/fn/d-1 {\"payload\":{\"name\":\"Ada\"}}");
        assertThat(cox("logs")).isZero();
        assertThat(said()).isEqualTo("2026-01-02T03:04:05Z stdout INFO called\n");
        assertThat(requests().getLast()).isEqualTo("GET /api/execution/e-1/logs");
        assertThat(manifest()).contains("last_job_name e-1\nlast_job_status Completed\n");
    }

    @Test
    void aRunThatFailsSaysWhyAndEndsWithOne() {
        push("function");
        server.then(ok("{\"configuration\":{\"externalEndpoint\":\"" + endpoint() + "\"}}"),
                Reply.json(500, "{\"success\":false,\"message\":\"TypeError: no\",\"data\":null}")
                        .with("x-coderunner-execution-id", "e-7"));

        assertThat(cox("run")).isEqualTo(ExitCodes.UNEXPECTED);

        assertThat(complained()).contains("cox: TypeError: no");
        assertThat(manifest()).contains("last_job_name e-7\nlast_job_status Failed\n");
    }

    @Test
    void aRunWithoutAnAddressIsFollowedUnlessItIsOnlyStarted() {
        push("", "--type", "job");
        server.then(ok("{\"status\":3,\"configuration\":{\"externalEndpoint\":null}}"),
                ok("{\"executionId\":\"e-1\",\"status\":1}"),
                ok("{\"executionId\":\"e-1\",\"status\":4,\"reason\":\"OutOfMemory\"}"),
                ok("{\"executionId\":\"e-2\",\"status\":1}"));

        assertThat(cox("run")).isEqualTo(ExitCodes.UNEXPECTED);
        assertThat(complained()).contains("it ended as Failed: OutOfMemory");
        assertThat(cox("run", "--no-wait")).isZero();
        assertThat(said()).isEqualTo("e-2 Pending\n");
        assertThat(manifest()).contains("last_job_name e-2\nlast_job_status Pending\n");
    }

    @ParameterizedTest
    @CsvSource({"run, names no deployment_id", "deploy, names no definition_id", "logs, names no last_job_name"})
    void whatIsMissingIsNamed(String command, String missing) {
        assertThat(cox(command)).isEqualTo(ExitCodes.USAGE);

        assertThat(complained()).contains(missing);
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void whatIsGivenWrongIsNamedAndNothingIsSent() {
        push("function");
        int before = server.seen().size();

        assertThat(cox("run", "--payload", "{oops")).isEqualTo(ExitCodes.USAGE);
        assertThat(complained()).contains("--payload is not valid JSON, line 1");
        assertThat(
                local("push", code().toString(), "--url", "http://f.example", "--workspace", WORKSPACE, "--user", "u",
                        "--token-file", folder.resolve("token").toString()))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(complained()).contains("must begin with https://");
        assertThat(local("push", code().toString(), "--url", server.uri().toString(), "--workspace", "w", "--user", "u",
                "--token-file", folder.resolve("token").toString())).isEqualTo(ExitCodes.USAGE);
        assertThat(complained()).contains("--workspace must be a UUID");
        assertThat(server.seen()).hasSize(before);
    }
}
