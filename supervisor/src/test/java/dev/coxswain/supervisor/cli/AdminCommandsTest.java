package dev.coxswain.supervisor.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.coxswain.supervisor.admin.AdminConfig;
import dev.coxswain.supervisor.admin.AdminServer;
import dev.coxswain.supervisor.admin.ToyFleet;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.fleet.FleetControl.FleetEvent;
import dev.coxswain.supervisor.fleet.FleetControl.Reloaded;
import picocli.CommandLine;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The commands that speak to the admin API, against the real server. */
class AdminCommandsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "open-sesame-7361";

    private final ToyFleet fleet = new ToyFleet();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private AdminServer server = new AdminServer(new AdminConfig("127.0.0.1", 0, null, "127.0.0.1", 0), fleet);
    private URI base = URI.create("http://127.0.0.1");

    @TempDir
    private Path folder = Path.of(".");

    /** The commands are quiet, the tests of others are not. */
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();

    @AfterEach
    void loudAgain() {
        root.setLevel(before);
    }

    @BeforeEach
    void start() {
        base = Objects.requireNonNull(server.start().block(PATIENCE));
    }

    @AfterEach
    void stop() {
        server.stop().block(PATIENCE);
    }

    private void lock() {
        stop();
        server = new AdminServer(new AdminConfig("127.0.0.1", 0, new Secret(TOKEN), "127.0.0.1", 0), fleet);
        start();
    }

    private Path tokenFile(String content) throws IOException {
        return Files.writeString(folder.resolve("token"), content);
    }

    /** Runs it against the server. */
    private int cox(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--admin", base.toString()));
        return bare(all.toArray(String[]::new));
    }

    private int bare(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine line = Cox.line();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return line.execute(words);
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(out.toString());
    }

    @Test
    void statusIsATableOrTheServersJson() {
        assertThat(cox("status")).isZero();
        assertThat(out.toString()).startsWith("build-01  running  version 1.2.3, up ")
                .contains("slots [#####...............] 1/4   jobs 1\n")
                .contains("shorts         xenonflare-studio      250        10     never  -\n")
                .contains("pool  shorts         host          250           1            2\n").doesNotContain("\u001b");

        assertThat(cox("status", "-o", "json")).isZero();
        assertThat(json().get("slotsTotal").intValue()).isEqualTo(4);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void allPagesAreFetchedUpToTheLimit() {
        assertThat(cox("runners")).isZero();
        assertThat(out.toString().lines()).hasSize(251).first().asString()
                .isEqualTo("RUNNER      POOL  CONTROL PLANE  STATE  JOB  WHY");
        assertThat(out.toString()).contains("runner-249  pool  shorts         idle   -    no slot\n");
        assertThat(fleet.asked).containsExactly("runners null null null 1", "runners null null null 2",
                "runners null null null 3");
        assertThat(err.toString()).isEmpty();

        fleet.asked.clear();
        assertThat(cox("runners", "-o", "JSON", "--limit", "120", "--pool", "a b&c", "--state", "idle", "--search",
                "no slot")).isZero();
        assertThat(json().get("items").size()).isEqualTo(120);
        assertThat(json().get("total").intValue()).isEqualTo(250);
        assertThat(fleet.asked).containsExactly("runners a b&c idle no slot 1", "runners a b&c idle no slot 2");
        assertThat(err.toString()).isEqualTo("cox: 120 of 250; --limit fetches more\n");
    }

    @Test
    void jobsAreListed() {
        assertThat(cox("jobs", "--state", "running")).isZero();
        assertThat(out.toString()).containsPattern("k1   pool  runner-1  running  \\d+d\\d\\dh +1/2  100 B  -\n")
                .containsPattern("k2   pool  runner-1  success  +0s +1/2  100 B  -\n");
        assertThat(fleet.asked).containsExactly("jobs running null 1");
        assertThat(cox("jobs", "--state", "asleep")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("cox: state must be one of [leased, running, settling, ended]\n");
        assertThat(cox("jobs", "--limit", "0")).isEqualTo(2);
    }

    @Test
    void aLogIsPrintedByteByByteAlsoWhileItIsFollowed() {
        byte[] log = new byte[1_000];
        for (int i = 0; i < log.length; i++) {
            log[i] = (byte) i;
        }
        List<byte[]> pieces = new ArrayList<>();
        for (int from = 0; from < log.length; from += 7) {
            pieces.add(Arrays.copyOfRange(log, from, Math.min(log.length, from + 7)));
        }
        fleet.logs.put("k1", Flux.fromIterable(pieces));

        assertThat(printed("k1")).isEqualTo(log);
        assertThat(printed("-f", "k1")).isEqualTo(log);
        assertThat(fleet.asked).containsExactly("log k1 false", "log k1 true");
        assertThat(err.toString()).isEqualTo("cox: bytes of this log that were not kept: 7\n");
    }

    @Test
    void aLogThatEndsEarlyIsAFailure() {
        // both are there at once: what was read before the failure is printed all the same
        fleet.logs.put("k1", Flux.concat(Flux.just(new byte[]{'a'}), Flux.error(new IOException("disk"))));
        assertThat(printed("-f", "k1")).containsExactly('a');
        assertThat(err.toString()).isEqualTo("cox: the supervisor says: the log can't be read any further\n");
        assertThat(cox("logs", "unknown")).isEqualTo(2);
    }

    private byte[] printed(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CommandLine line = new CommandLine(new LogsCommand(new PrintStream(bytes, true, StandardCharsets.UTF_8)))
                .setExecutionExceptionHandler(Cox::failed).setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--admin", base.toString()));
        line.execute(all.toArray(String[]::new));
        return bytes.toByteArray();
    }

    @Test
    void pausesResumesDrainsAndCancelsAreAskedFor() {
        assertThat(cox("pause")).isZero();
        assertThat(out.toString()).isEqualTo("paused, runners: 250\n");
        assertThat(cox("pause", "--pool", "pool")).isZero();
        assertThat(cox("resume", "--runner", "runner-3", "-o", "json")).isZero();
        assertThat(json().get("runners").intValue()).isEqualTo(1);
        assertThat(cox("resume", "--control-plane", "nowhere")).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("cox: there is no control plane nowhere\n");
        assertThat(cox("pause", "--pool", "pool", "--runner", "r")).isEqualTo(2);
        assertThat(cox("cancel", "k1", "--reason", "too slow")).isZero();
        assertThat(out.toString()).isEqualTo("stopping k1\n");
        assertThat(cox("cancel", "k2")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("cox: the job is ended and can't be cancelled any more\n");
        assertThat(cox("cancel", "a/b c+d?e")).isEqualTo(2);
        assertThat(cox("drain")).isZero();
        assertThat(out.toString()).isEqualTo("draining\n");

        assertThat(fleet.asked).containsExactly("pause Everything[]", "pause OfPool[name=pool]",
                "resume OfRunner[name=runner-3]", "resume OfControlPlane[name=nowhere]", "cancel k1 too slow",
                "cancel k2 cancelled through the admin API", "drain");
    }

    @Test
    void aReloadPrintsWhatChangedOrWhyNot() {
        fleet.reloaded = new Reloaded(true, List.of("pool pool: weight 1 to 2"), List.of("supervisor.stateDir"),
                List.of());
        assertThat(cox("reload")).isZero();
        assertThat(out.toString())
                .isEqualTo("reloaded:\n  pool pool: weight 1 to 2\nneeds a restart:\n  supervisor.stateDir\n");

        fleet.reloaded = new Reloaded(false, List.of(), List.of(), List.of("fleet.yaml:3:1: unknown key"));
        assertThat(cox("reload")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEqualTo(
                "cox: fleet.yaml:3:1: unknown key\ncox: the configuration is not valid; the old one is kept\n");
        assertThat(cox("reload", "-o", "json")).isEqualTo(2);
        assertThat(json().get("applied").booleanValue()).isFalse();
    }

    @Test
    void topPrintsOnePictureWhereThereIsNoTerminal() {
        fleet.events = Flux.just(new FleetEvent(ToyFleet.BEGIN, "draining", null, null, null, null, "x"));
        assertThat(cox("top")).isZero();
        assertThat(out.toString()).startsWith(base + "   ").contains("build-01  running", "k1   pool")
                .doesNotContain("k2", "\u001b");
    }

    @Test
    void theAddressIsFoundInTheStateFolder() throws IOException {
        Files.writeString(folder.resolve("endpoints.json"), "{\"admin\":\"" + base + "\"}");
        assertThat(bare("status", "--state-dir", folder.toString())).isZero();

        for (String broken : List.of("", "[]", "{\"admin\":7}", "{\"admin\":\"ftp://x\"}", "{", "x".repeat(10_000))) {
            Files.writeString(folder.resolve("endpoints.json"), broken);
            assertThat(bare("status", "--state-dir", folder.toString())).as(broken).isEqualTo(2);
            assertThat(err.toString()).contains("endpoints.json");
        }
        assertThat(bare("status", "--state-dir", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(cox("status", "--state-dir", folder.toString())).isEqualTo(2);
    }

    @Test
    void anAddressThatIsNoneIsRefusedWithoutShowingIt() {
        for (String address : List.of("127.0.0.1:8710", "ftp://127.0.0.1", "http://u:" + TOKEN + "@127.0.0.1",
                "http://",
                "http://127.0.0.1/?x=1", "http://[", "")) {
            assertThat(bare("status", "--admin", address)).as(address).isEqualTo(2);
            assertThat(err.toString()).startsWith("cox: the address from --admin is none").doesNotContain(TOKEN);
        }
    }

    @Test
    void whereNobodyListensThatIsSaidWithTheAddress() {
        stop();
        assertThat(cox("status")).isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("cox: nobody listens at " + base + " (--admin); is `cox run` running?\n");
        assertThat(cox("top")).isEqualTo(1);
    }

    @Test
    void theTokenIsSentFromItsFileAndNeverPrinted() throws IOException {
        lock();
        assertThat(cox("status")).isEqualTo(2);
        assertThat(err.toString()).contains("wants a token; name its file with --token-file");

        Path file = tokenFile(TOKEN + "\n");
        assertThat(cox("status", "--token-file", file.toString())).isZero();
        assertThat(cox("status", "--token-file", tokenFile(TOKEN + "x").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("does not accept this token").doesNotContain(TOKEN);

        for (String broken : List.of("", "\n", TOKEN + " " + TOKEN, TOKEN + "\n" + TOKEN, TOKEN + "\u00e4",
                "x".repeat(70_000))) {
            assertThat(cox("status", "--token-file", tokenFile(broken).toString())).isEqualTo(2);
            assertThat(err.toString()).contains("must hold the token and nothing else").doesNotContain(TOKEN);
        }
        assertThat(cox("status", "--token-file", folder.resolve("none").toString())).isEqualTo(2);
    }

    @Test
    void aTokenDoesNotLeaveTheHostInClearText() throws IOException {
        String file = tokenFile(TOKEN).toString();
        for (String address : List.of("http://192.0.2.1:8710", "http://build.example", "HTTP://127.0.0.1.example",
                "http://[2001:db8::1]:1")) {
            assertThat(bare("status", "--admin", address, "--token-file", file)).as(address).isEqualTo(2);
            assertThat(err.toString()).contains("in clear text", "--insecure").doesNotContain(TOKEN);
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws IOException {
        AtomicInteger followed = new AtomicInteger();
        DisposableServer rude = HttpServer.create().host("127.0.0.1").port(0)
                .handle((request, response) -> {
                    if (request.uri().equals("/elsewhere")) {
                        followed.incrementAndGet();
                    }
                    return response.status(302).header("Location", "/elsewhere").send();
                }).bindNow();
        try {
            assertThat(bare("status", "--admin", "http://127.0.0.1:" + rude.port(), "--token-file",
                    tokenFile(TOKEN).toString())).isEqualTo(1);
        } finally {
            rude.disposeNow(PATIENCE);
        }
        assertThat(err.toString()).contains("a redirect (302), which is not followed").doesNotContain(TOKEN);
        assertThat(followed).hasValue(0);
    }

    @Test
    void whatIsNoSupervisorIsToldApart() {
        List<String> bodies = List.of("<html>hello</html>", "[]", "{\"items\":7}", "");
        AtomicInteger next = new AtomicInteger();
        DisposableServer rude = HttpServer.create().host("127.0.0.1").port(0)
                .handle((request, response) -> response
                        .sendString(Mono.just(bodies.get(next.get()))))
                .bindNow();
        try {
            for (int i = 0; i < bodies.size(); i++) {
                next.set(i);
                assertThat(bare("runners", "--admin", "http://127.0.0.1:" + rude.port())).isEqualTo(1);
                assertThat(err.toString()).contains("is this address the supervisor's?");
            }
        } finally {
            rude.disposeNow(PATIENCE);
        }
    }
}
