package dev.coxswain.supervisor.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import picocli.CommandLine;
import reactor.netty.http.client.HttpClient;

import static org.assertj.core.api.Assertions.assertThat;

/** The command against the simulator, over loopback. */
class RegisterXenonflareTest {
    private static final String WORKSPACE = "xenonflare-workspace";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;
    private Simulator simulator = new Simulator(SimulatorConfig.defaults().withProtocols(List.of(WORKSPACE))
            .withJobs(4).withTokens(2).withThreads(1));
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private List<String> idTokens = List.of();

    @BeforeEach
    void start() {
        simulator = Objects.requireNonNull(simulator.start().block(PATIENCE));
        idTokens = List.copyOf(simulator.idTokens(WORKSPACE).values());
    }

    @AfterEach
    void stop() {
        simulator.stop().block(PATIENCE);
    }

    @Test
    void newKeysLeaseJobsOfTheirKindUntilTheyAreRevokedAndAreNeverPrinted() throws IOException {
        Path out = folder.resolve("tokens");

        assertThat(cox(0, "--kind", "global", "--name", "g", "--count", "2", "--out", out.toString())).isZero();
        assertThat(cox(0, "--out", out.toString())).isZero();
        List<String> keys = Files.readAllLines(out).stream().filter(line -> !line.startsWith("#")).toList();
        assertThat(keys).hasSize(3);
        assertThat(lease(keys.get(0))).contains("\"target\":\"global\"").contains("\"leased\":true");
        assertThat(lease(keys.get(2))).contains("\"target\":\"user\"");
        assertThat(cox(0, "rename", "instance-1", "better")).isZero();
        assertThat(cox(0, "revoke", "instance-1")).isZero();

        assertThat(lease(keys.get(0))).startsWith("401");
        assertThat(lease(keys.get(1))).startsWith("200");
        assertThat(cox(0, "rename", "instance-1", "dead")).isEqualTo(ExitCodes.UNEXPECTED);
        assertThat(said()).contains("made instance-2, global runner g-2", "instance-1 is now named better")
                .doesNotContain(keys).doesNotContain(idTokens).doesNotContain("cxsk");
        assertThat(simulator.ledger().verdict().violations().values()).containsOnly(0L);
    }

    @Test
    void onlyAnAdminMakesRunnersForEverybody() {
        assertThat(cox(1, "--kind", "global", "--out", folder.resolve("t").toString())).isEqualTo(ExitCodes.USAGE);

        assertThat(said()).contains("HTTP 403").contains("only an admin");
        assertThat(folder.resolve("t")).doesNotExist();
    }

    @Test
    void aRunnersKeyIsNeverSentInPlaceOfAnIdToken() throws IOException {
        Path file = Files.writeString(folder.resolve("id"), simulator.tokens(WORKSPACE).getFirst());

        assertThat(run(file, "--out", folder.resolve("t").toString())).isEqualTo(ExitCodes.USAGE);
        assertThat(said()).contains("looks like a runner's key").doesNotContain("cxsk");
        assertThat(simulator.ledger().verdict().violations().values()).containsOnly(0L);
    }

    @Test
    void theSimulatorTakesNeitherKindOfTokenForTheOther() {
        assertThat(post("leaseWorkspaceJob", idTokens.getFirst(), "{}")).startsWith("401");
        assertThat(post("createRunnerInstance", simulator.tokens(WORKSPACE).getFirst(), "{\"kind\":\"user\"}"))
                .startsWith("401");
        assertThat(post("createRunnerInstance", idTokens.getFirst(), "{\"kind\":\"any\"}")).startsWith("400");
        assertThat(post("revokeRunnerInstance", idTokens.getFirst(), "{\"instanceId\":\"instance-9\"}"))
                .startsWith("404");
        assertThat(simulator.ledger().verdict().clean()).isFalse();
    }

    private int cox(int person, String... arguments) {
        try {
            return run(Files.writeString(folder.resolve("id"), idTokens.get(person) + "\n"), arguments);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private int run(Path idToken, String... arguments) {
        List<String> all = new ArrayList<>(List.of("register", "xenonflare"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--url", simulator.url(WORKSPACE).toString(), "--token-file", idToken.toString()));
        PrintWriter writer = new PrintWriter(said, true,
                StandardCharsets.UTF_8);
        CommandLine line = Cox.line().setOut(writer).setErr(writer);
        return line.execute(all.toArray(String[]::new));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private String lease(String key) {
        return post("leaseWorkspaceJob", key, "{}");
    }

    private String post(String function, String token, String body) {
        return Objects.requireNonNull(HttpClient.create().headers(headers -> headers
                .set("Authorization", "Bearer " + token).set("Content-Type", "application/json")).post()
                .uri(simulator.url(WORKSPACE) + "/" + function)
                .send((request, out) -> out.sendString(reactor.core.publisher.Mono.just(body)))
                .responseSingle((answer, content) -> content.asString().defaultIfEmpty("")
                        .map(text -> answer.status().code() + " " + text))
                .block(PATIENCE));
    }
}
