package dev.coxswain.supervisor.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.oore.OoreControlPlane;
import dev.coxswain.supervisor.http.HttpClients;
import dev.coxswain.supervisor.http.HttpLimits;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.testing.RudeServer;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import picocli.CommandLine;
import reactor.core.Disposable;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The command against the simulator, and where it has to be worse than that, against a rude server. */
class RegisterOoreTest {
    private static final String OORE = "oore";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String USER = "ab".repeat(32);
    private static final String MADE = "{\"runner\":{\"id\":\"r-7\",\"name\":\"n\",\"status\":\"offline\"},\"token\":\"s3cret\"}";

    @TempDir
    private Path folder;
    private Simulator simulator = new Simulator(SimulatorConfig.defaults().withProtocols(List.of(OORE)).withJobs(4)
            .withTokens(1).withThreads(1));
    private final RudeServer server = new RudeServer();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private String owner = "";

    @BeforeEach
    void start() {
        simulator = Objects.requireNonNull(simulator.start().block(PATIENCE));
        owner = String.valueOf(simulator.idTokens(OORE).get("oore-owner"));
    }

    @AfterEach
    void stop() {
        simulator.stop().block(PATIENCE);
        server.close();
    }

    @Test
    void newCredentialsArePrivateBeatAndLeaseAndAreNeverPrinted() throws IOException {
        Path out = folder.resolve("oore.tokens");

        assertThat(cox(owner, "--name", " harbour ", "--count", "3", "--out", out.toString())).isZero();

        List<String> lines = Files.readAllLines(out);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out))).isEqualTo("rw-------");
        assertThat(lines).hasSize(6);
        assertThat(lines.get(4)).endsWith(", runner harbour-3");
        List<String> credentials = lines.stream().filter(line -> !line.startsWith("#")).toList();
        credentials.forEach(this::assertWorks);
        assertThat(said()).contains("runner harbour-1; its key is in " + out, "harbour-2", "harbour-3")
                .doesNotContain(owner).doesNotContain("warning");
        assertThat(credentials).allSatisfy(line -> assertThat(said()).doesNotContain(line.split(" ")[1]));
        assertThat(simulator.ledger().verdict().violations().values()).containsOnly(0L);
    }

    private void assertWorks(String line) {
        String[] parts = line.split(" ");
        Credential credential = new Credential("new", new Secret(parts[1]), parts[0]);
        HttpClients clients = new HttpClients(HttpLimits.DEFAULT);
        JsonCalls calls = new JsonCalls(clients.calls(), simulator.url(OORE), "mobile", OoreControlPlane.OPERATIONS,
                new Meters(new SimpleMeterRegistry()), System::nanoTime, 1 << 20);
        OoreControlPlane plane = new OoreControlPlane(new ControlPlaneConfig("mobile", OORE, simulator.url(OORE), 50,
                Duration.ofMillis(500), Duration.ofSeconds(30)), calls, calls, new JsonMapper(), FleetClock.system(),
                () -> 1);
        plane.check(credential).then(plane.present(credential, Presence.IDLE)).block(PATIENCE);
        assertThat(plane.lease(credential).block(PATIENCE)).isInstanceOf(LeaseReply.Granted.class);
        clients.close().block(PATIENCE);
    }

    @Test
    void whatTheHostIsGoesAlongAndItsNameIsTheDefault() {
        server.then(Reply.json(MADE));

        assertThat(run(server.uri().toString(), USER, "--out", folder.resolve("t").toString())).isZero();

        RudeServer.Seen seen = server.only();
        assertThat(seen.method() + " " + seen.uri()).isEqualTo("POST /v1/runners/register");
        assertThat(seen.headers().get("Authorization")).isEqualTo("Bearer " + USER);
        assertThat(seen.body()).containsPattern("\"name\":\"[^\"]+\"").contains("\"protocol_version\":4",
                "\"arch\":\"" + System.getProperty("os.arch") + "\"", "\"os_version\":", "\"version\":", "\"os\":");
    }

    @Test
    void theFlatAnswerOfTheFirstDescriptionIsTaken() {
        server.then(Reply.json("{\"id\":\"r-8\",\"name\":\"n\",\"status\":\"online\",\"token\":\"t0ken\"}"));

        assertThat(run(server.uri().toString(), USER, "--out", folder.resolve("t").toString())).isZero();
        assertThat(folder.resolve("t")).hasContent("# r-8, runner n\nr-8 t0ken\n");
    }

    @Test
    void oneAttemptIsMadeAndItsLostAnswerIsUnclear() {
        server.then(Reply.json(MADE).sent(Manner.RESET));

        assertThat(run(server.uri().toString(), USER, "--count", "2", "--out", folder.resolve("t").toString()))
                .isEqualTo(ExitCodes.UNEXPECTED);
        assertThat(server.seen()).hasSize(1);
        assertThat(said()).contains("it is unknown whether a runner was made: look for it among the daemon's runners");
        assertThat(folder.resolve("t")).doesNotExist();
    }

    @Test
    void aRunnerWhoseTokenCannotBeWrittenIsDeletedAgain() throws IOException {
        server.then(Reply.json(MADE), Reply.of(204, ""));

        assertThat(withFolderGone()).isEqualTo(ExitCodes.UNEXPECTED);

        assertThat(said()).contains("r-7 could not be kept").contains("; the runner was revoked again")
                .doesNotContain("s3cret");
        RudeServer.Seen deleted = server.seen().get(1);
        assertThat(deleted.method() + " " + deleted.uri()).isEqualTo("DELETE /v1/runners/r-7");
        assertThat(deleted.headers().get("Authorization")).isEqualTo("Bearer " + USER);
    }

    @Test
    void aRunnerThatTheDaemonKeepsIsToldByItsId() throws IOException {
        server.then(Reply.json(MADE), Reply.json(409, "{\"error\":\"it has builds\",\"code\":\"runner_has_builds\"}"));

        assertThat(withFolderGone()).isEqualTo(ExitCodes.UNEXPECTED);

        assertThat(said()).contains("r-7 could not be kept").contains("a runner that ever had a build stays");
        assertThat(server.seen()).hasSize(2);
    }

    /** The folder is there when it is checked, and gone when the runner is made. */
    private int withFolderGone() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Disposable removing = server.arrivals().take(1).subscribe(seen -> delete(gone), failure -> {});
        try {
            return run(server.uri().toString(), USER, "--out", gone.resolve("t").toString());
        } finally {
            removing.dispose();
        }
    }

    @Test
    void aRunnersTokenAndTheWrongPersonsAreRefused() {
        String runners = simulator.tokens(OORE).getFirst();
        String out = folder.resolve("t").toString();

        assertThat(cox(runners, "--out", out)).isEqualTo(ExitCodes.USAGE);
        assertThat(said()).contains("401 invalid_session").contains("give a user token").doesNotContain(runners);
        assertThat(cox(String.valueOf(simulator.idTokens(OORE).get("oore-developer")), "--out", out))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(said()).contains("403 permission_denied").contains("owners and admins");
        assertThat(cox("two words", "--out", out)).isEqualTo(ExitCodes.USAGE);
        assertThat(said()).contains("holds no user token");
        assertThat(folder.resolve("t")).doesNotExist();
    }

    @Test
    void trap23NamesAreLimitedInBytes() {
        String out = folder.resolve("t").toString();

        assertThat(run(server.uri().toString(), USER, "--name", "ö".repeat(128), "--out", out))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(run(server.uri().toString(), USER, "--name", "ö".repeat(127), "--count", "2", "--out", out))
                .isEqualTo(ExitCodes.USAGE);
        assertThat(said()).contains("1 to 255 bytes");
        assertThat(server.seen()).isEmpty();
        assertThat(cox(owner, "--name", "ö".repeat(127), "--out", out)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://ci.example.org", "http://10.0.0.7:8787", "http://localhost.example.org", "ftp://x"})
    void aTokenNeverGoesOverAnOpenNetwork(String url) {
        assertThat(run(url, USER, "--out", folder.resolve("t").toString())).isEqualTo(ExitCodes.USAGE);

        assertThat(said()).contains("--url").doesNotContain(USER);
    }

    @Test
    void aTokenFileThatEverybodyCanReadIsWarnedOf() throws IOException {
        Path token = Files.writeString(folder.resolve("open"), owner);
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(execute("--url", simulator.url(OORE).toString(), "--token-file", token.toString(), "--out",
                folder.resolve("t").toString())).isZero();
        assertThat(said()).contains("warning: " + token + " can be read by everybody");
    }

    private int cox(String token, String... arguments) {
        return run(simulator.url(OORE).toString(), token, arguments);
    }

    private int run(String url, String token, String... arguments) {
        try {
            Path file = Files.writeString(folder.resolve("user"), token + "\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            List<String> all = new ArrayList<>(List.of("--url", url, "--token-file", file.toString()));
            all.addAll(List.of(arguments));
            return execute(all.toArray(String[]::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int execute(String... arguments) {
        List<String> all = new ArrayList<>(List.of("register", "oore"));
        all.addAll(List.of(arguments));
        PrintWriter writer = new PrintWriter(said, true, StandardCharsets.UTF_8);
        CommandLine line = Cox.line().setOut(writer).setErr(writer);
        return line.execute(all.toArray(String[]::new));
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    private static void delete(Path empty) {
        try {
            Files.delete(empty);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
