package dev.coxswain.supervisor.functions;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.function.Language;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.functions.Coderunner.Configuration;
import dev.coxswain.supervisor.functions.Coderunner.Deployment;
import dev.coxswain.supervisor.functions.Coderunner.Execution;
import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import dev.coxswain.supervisor.testing.RudeServer;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** The client against a server that is as rude as the network (contract coderunner 2, 3, 4, 13; traps 1, 4, 5, 7). */
class CoderunnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WORKSPACE = "0b6f8f0e-3c43-4a60-9a2b-6a5a4c1f0d11";
    private static final Identity IDENTITY = new Identity(WORKSPACE.toUpperCase(java.util.Locale.ROOT), "user-7");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final RudeServer server = new RudeServer();
    private final ImpatientTimer timer = new ImpatientTimer();
    private final List<String> said = new ArrayList<>();
    private final Coderunner client = client(Tokens.of(new Secret("t0ken")));

    private Coderunner client(Tokens tokens) {
        return new Coderunner(server.uri(), IDENTITY, tokens, timer, () -> 0.5, said::add);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Reply ok(String data) {
        return Reply.json("{\"success\":true,\"message\":\"fine\",\"data\":" + data + "}");
    }

    private static <T> T await(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(PATIENCE));
    }

    private static CoderunnerException refused(Mono<?> answer) {
        return Objects.requireNonNull(catchThrowableOfType(CoderunnerException.class, () -> answer.block(PATIENCE)));
    }

    private List<String> requests() {
        return server.seen().stream().map(seen -> seen.method() + " " + seen.uri()).toList();
    }

    private Path zip() {
        try {
            return Files.write(folder.resolve("code.zip"), new byte[]{'P', 'K', 3, 4, 0, (byte) 0xff});
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theWholeWayIsGoneInTheDocumentedWords() {
        String endpoint = server.uri() + "/fn/d-1";
        server.then(ok("{\"id\":\"d-1\"}"), ok("{\"versionId\":\"v-1\",\"id\":\"v-1\",\"status\":1}"),
                ok("{\"status\":1}"), ok("{\"status\":2}"), ok("{\"status\":2}"), ok("{\"status\":3}"),
                ok("{\"deploymentId\":\"x-1\",\"status\":1}"),
                ok("{\"status\":2,\"configuration\":{\"externalEndpoint\":\"\"}}"),
                ok("{\"status\":3,\"configuration\":{\"externalEndpoint\":\"" + endpoint + "\"}}"),
                ok("{\"executionId\":\"e-1\",\"status\":3,\"result\":{\"n\":42}}"));

        String definition = await(client.define("hello", "says it", DeploymentType.FUNCTION, Language.PYTHON));
        String version = await(client.upload(definition, zip(), "first"));
        client.processed(version).block(PATIENCE);
        Deployment made = await(client.deploy(definition, version, new Configuration("250m", null, null)));
        Deployment ready = await(client.ready(made.id(), DeploymentType.FUNCTION));
        Execution end = await(client.call(Objects.requireNonNull(ready.endpoint()), "{\"a\":1}", PATIENCE));

        assertThat(end).isEqualTo(new Execution("e-1", Status.COMPLETED, "{\"n\":42}", ""));
        assertThat(requests()).containsExactly("POST /api/definitions", "POST /api/file/d-1/upload",
                "GET /api/version/v-1", "GET /api/version/v-1", "GET /api/version/v-1", "GET /api/version/v-1",
                "POST /api/deployment/create", "GET /api/deployment/x-1", "GET /api/deployment/x-1", "POST /fn/d-1");
        assertThat(server.seen().get(0).body()).isEqualTo(
                "{\"name\":\"hello\",\"description\":\"says it\",\"deploymentType\":1,\"languageType\":2}");
        assertThat(server.seen().get(6).body()).isEqualTo(
                "{\"DefinitionId\":\"d-1\",\"VersionId\":\"v-1\",\"Configuration\":{\"Cpu\":\"250m\"}}");
        assertThat(server.seen().get(9).body()).isEqualTo("{\"payload\":{\"a\":1}}");
        assertThat(timer.pauses).containsExactly(Duration.ofMillis(1000), Duration.ofMillis(1500),
                Duration.ofMillis(2250),
                Duration.ofMillis(1000));
        assertThat(said).containsExactly("version v-1: Pending", "version v-1: Processing", "version v-1: Completed",
                "deployment x-1: Processing", "deployment x-1: Completed");
        assertThat(server.seen()).allSatisfy(seen -> {
            assertThat(seen.headers().get("Authorization")).isEqualTo("Bearer t0ken");
            assertThat(seen.headers().get("x-client-key")).isEqualTo(WORKSPACE);
            assertThat(seen.headers().get("x-userid")).isEqualTo("user-7");
            assertThat(seen.headers().get("Accept")).isEqualTo("application/json");
        });
    }

    @Test
    void theZipGoesAsAFormWithItsDescription() {
        server.then(ok("{\"versionId\":\"v-1\"}"));

        await(client.upload("d-1", zip(), "first"));

        RudeServer.Seen seen = server.only();
        String type = String.valueOf(seen.headers().get("Content-Type"));
        String boundary = type.substring("multipart/form-data; boundary=".length());
        assertThat(seen.body())
                .startsWith("--" + boundary + "\r\nContent-Disposition: form-data; name=\"Description\"\r\n")
                .containsPattern("\r\n\r\nfirst \\[cox-[0-9a-f]+]\r\n--" + boundary + "\r\n")
                .contains("name=\"file\"; filename=\"code.zip\"\r\nContent-Type: application/zip\r\n\r\nPK\u0003\u0004")
                .endsWith("\r\n--" + boundary + "--\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"id\":\"d-1\"}", "{\"success\":true,\"data\":{\"id\":\"d-1\"}}",
            "{\"success\":true,\"data\":{\"Id\":\"d-1\"}}"})
    void anAnswerWithoutEnvelopeIsTheData(String answer) {
        server.then(Reply.json(answer));

        assertThat(await(client.define("a", "", DeploymentType.JOB, Language.NODEJS))).isEqualTo("d-1");
    }

    @Test
    void theAddressIsFoundBesideTheDataToo() {
        server.then(Reply.json("{\"configuration\":{\"externalEndpoint\":\"https://f.example/fn/1\"}}"));

        assertThat(await(client.ready("x-1", DeploymentType.SERVICE)).endpoint())
                .isEqualTo(URI.create("https://f.example/fn/1"));
    }

    @Test
    void successThatIsFalseIsAFailureWhateverTheStatus() {
        server.then(Reply.json("{\"success\":false,\"message\":\"no\\nway\",\"data\":null}"));

        CoderunnerException failure = refused(client.define("a", "", DeploymentType.JOB, Language.NODEJS));
        assertThat(failure).hasMessage("no way");
        assertThat(failure.kind()).isEqualTo(Kind.FAILED);
        assertThat(server.seen()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "\"4\"", "\"Failed\""})
    void aVersionThatFailedIsWaitedForNoLonger(String status) {
        server.then(ok("{\"status\":2}"), ok("{\"status\":" + status + ",\"statusMessage\":\"no entry point\"}"));

        assertThat(refused(client.processed("v-1"))).hasMessage("the version can't be used: no entry point");
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void aDeploymentThatFailedIsWaitedForNoLonger() {
        server.then(ok("{\"status\":4,\"statusMessage\":\"it does not listen\"}"));

        assertThat(refused(client.ready("x-1", DeploymentType.SERVICE)))
                .hasMessage("the deployment is Failed: it does not listen");
    }

    @Test
    void nothingIsWaitedForLongerThanTenMinutesWithQuestionsOfFiveSeconds() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        List<Long> asked = new ArrayList<>();
        Mono<String> never = Polls.until(Mono.fromSupplier(() -> {
            asked.add(time.now(java.util.concurrent.TimeUnit.MILLISECONDS));
            return "no";
        }), "yes"::equals, "it", Polls.USUAL, time);

        StepVerifier.create(never).then(() -> time.advanceTimeBy(Duration.ofMinutes(10)))
                .expectErrorMessage("it was not there after 10 minutes").verify(PATIENCE);
        assertThat(asked).startsWith(0L, 1_000L, 2_500L, 4_750L, 8_125L, 13_125L, 18_125L).hasSizeBetween(120, 124);
    }

    @Test
    void aQuestionIsAskedFourTimesAndTheServersWishIsHeard() {
        server.then(Reply.of(503, "busy").with("Retry-After", "7"), ok("{}").sent(Manner.RESET), Reply.html(502),
                ok("{\"status\":3}"));

        client.processed("v-1").block(PATIENCE);

        assertThat(server.seen()).hasSize(4);
        assertThat(timer.pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void aFifthTimeIsNotTried() {
        server.then(Reply.of(504, ""), Reply.of(504, ""), Reply.of(504, ""), Reply.of(504, ""), ok("{\"status\":3}"));

        assertThat(refused(client.processed("v-1"))).hasMessageContaining("(status 504)");
        assertThat(server.seen()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504, 429})
    void whatIsNotAQuestionIsNotSentTwice(int status) {
        server.then(Reply.json(status, "{\"success\":false,\"message\":\"not now\"}"), ok("{\"deploymentId\":\"x\"}"));

        assertThat(refused(client.deploy("d", "v", new Configuration(null, null, null))))
                .hasMessageContaining("not now");
        assertThat(server.seen()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 429})
    void unlessTheServerAsksForIt(int status) {
        server.then(Reply.json(status, "{}").with("Retry-After", "3"), ok("{\"deploymentId\":\"x\"}"));

        assertThat(await(client.deploy("d", "v", new Configuration(null, null, null))).id()).isEqualTo("x");
        assertThat(timer.pauses).containsExactly(Duration.ofSeconds(3));
        assertThat(said).singleElement().asString().contains("(status " + status + "); asking again in 3 s");
    }

    @Test
    void aLostAnswerIsToldAsUnknown() {
        server.then(ok("{}").sent(Manner.RESET), ok("{}").sent(Manner.HALF), Reply.html(200));
        Configuration none = new Configuration(null, null, null);

        for (int i = 0; i < 3; i++) {
            CoderunnerException failure = refused(client.deploy("d", "v", none));
            assertThat(failure).hasMessageEndingWith("; it is unknown whether the version was deployed");
            assertThat(failure.kind()).isEqualTo(Kind.UNCLEAR);
        }
        assertThat(server.seen()).hasSize(3);
    }

    @Test
    void withoutAConnectionItIsTriedAgain() {
        server.close();

        CoderunnerException failure = refused(client.define("a", "", DeploymentType.JOB, Language.NODEJS));

        assertThat(failure).hasMessage("nobody listens at " + server.uri());
        assertThat(timer.pauses).hasSize(3);
    }

    @Test
    void anUploadWhoseAnswerWasLostIsLookedForBeforeItIsSentAgain() {
        server.then(ok("{}").sent(Manner.RESET), ok("[{\"versionId\":\"v-0\",\"description\":\"first [cox-1]\"},"
                + "{\"versionId\":\"v-9\",\"description\":\"first [cox-8000000000000]\"}]"));

        assertThat(await(client.upload("d-1", zip(), "first"))).isEqualTo("v-9");
        assertThat(requests()).containsExactly("POST /api/file/d-1/upload",
                "GET /api/version/definition?DefinitionId=d-1");
    }

    @Test
    void oneThatDidNotArriveIsSentAgain() {
        server.then(ok("{}").sent(Manner.RESET), ok("[]"), Reply.html(504), ok("[]"), ok("{\"versionId\":\"v-2\"}"));

        assertThat(await(client.upload("d-1", zip(), ""))).isEqualTo("v-2");
        assertThat(requests()).filteredOn(request -> request.startsWith("POST")).hasSize(3);
    }

    @Test
    void aTokenThatIsRefusedIsMintedAnewOnce() throws Exception {
        KeyPair pair = pair();
        Reply no = Reply.json(401, "{\"success\":false,\"message\":\"expired\"}");
        server.then(no, ok("{\"status\":3}"), no, no);
        Coderunner minting = client(minted(pair, new Seconds()));

        minting.processed("v-1").block(PATIENCE);
        assertThat(refused(minting.processed("v-1"))).hasMessageStartingWith("expired (status 401)");

        assertThat(server.seen()).hasSize(4);
        List<String> sent = server.seen().stream().map(seen -> String.valueOf(seen.headers().get("Authorization")))
                .toList();
        assertThat(sent.get(0)).isNotEqualTo(sent.get(1));
        assertThat(sent.get(2)).isEqualTo(sent.get(1)).isNotEqualTo(sent.get(3));
    }

    @Test
    void aTokenThatWasGivenIsNotTriedTwice() {
        server.then(Reply.json(401, "{\"success\":false,\"message\":\"wrong\"}"));

        assertThat(refused(client.processed("v-1"))).hasMessageContaining("wrong").hasMessageNotContaining("t0ken");
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void aMintedTokenIsSignedAndNamesBoth() throws Exception {
        KeyPair pair = pair();
        String[] parts = minted(pair, Clock.fixed(Instant.ofEpochSecond(1000), ZoneOffset.UTC)).token().reveal()
                .split("\\.");

        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(pair.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThat(json(parts[0]).toString()).isEqualTo("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}");
        assertThat(json(parts[1]).toString()).isEqualTo("{\"iss\":\"cp\",\"iat\":1000,\"exp\":1300,\"sub\":\"user-7\","
                + "\"external_tenant_id\":\"" + WORKSPACE + "\",\"external_user_id\":\"user-7\"}");
    }

    @Test
    void whatIsNoKeyIsSaidAndNotShown() {
        assertThatThrownBy(
                () -> MintedTokens.of("-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n", "key.pem", null, null, IDENTITY,
                        Clock.systemUTC()))
                .hasMessageStartingWith("key.pem holds no private key").hasMessageNotContaining("c2Vj");
        assertThatThrownBy(
                () -> MintedTokens.of("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----", "key.pem",
                        null, null, IDENTITY, Clock.systemUTC()))
                .hasMessage("key.pem holds no private RSA key");
    }

    @Test
    void noCredentialFollowsARedirect() {
        server.then(Reply.of(302, "").with("Location", server.uri() + "/elsewhere"));

        assertThat(refused(client.processed("v-1"))).hasMessageContaining("redirect (302)");
        assertThat(server.seen()).hasSize(1);
    }

    @Test
    void aControlPlanesOwnRefusalIsReadAsWell() {
        server.then(Reply.json(422, "{\"detail\":\"app is no coderunner app\",\"code\":\"bad\"}"));

        assertThat(refused(client.processed("v-1"))).hasMessage("app is no coderunner app (status 422)");
    }

    @Test
    void aRunIsFollowedToItsEnd() {
        server.then(ok("{\"executionId\":\"e-1\",\"status\":1}"), ok("{\"executionId\":\"e-1\",\"status\":2}"),
                ok("{\"executionId\":\"e-1\",\"status\":5,\"reason\":\"Cancelled\"}"));

        Execution started = await(client.start("x-1", "null"));
        Execution end = await(client.ended(started, Duration.ofHours(1)));

        assertThat(end).isEqualTo(new Execution("e-1", Status.STOPPED, null, "Cancelled"));
        assertThat(requests()).startsWith("POST /api/execution/run/onetime/x-1", "GET /api/execution/e-1");
    }

    @Test
    void aServerThatCannotBeAskedForARunLeavesItAtItsStart() {
        server.then(Reply.json(404, "{\"success\":false,\"message\":\"no such page\"}"));
        Execution started = new Execution("e-1", Status.PENDING, null, "");

        assertThat(await(client.ended(started, Duration.ofHours(1)))).isEqualTo(started);
    }

    @Test
    void aFailedCallNamesItsExecution() {
        server.then(Reply.json(500, "{\"success\":false,\"message\":\"TypeError: no\",\"data\":null}")
                .with("x-coderunner-execution-id", "e-7"));

        CoderunnerException failure = refused(client.call(server.uri().resolve("/fn/1"), "null", PATIENCE));

        assertThat(failure).hasMessage("TypeError: no (status 500)");
        assertThat(failure.execution()).isEqualTo("e-7");
    }

    @Test
    void whatAServiceAnswersNeedNotBeJson() {
        server.then(Reply.of(200, "hello\n"));

        assertThat(await(client.call(server.uri(), "null", PATIENCE)).result()).isEqualTo("\"hello\\n\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0b6f8f0e", "0b6f8f0e-3c43-4a60-9a2b-6a5a4c1f0d1g"})
    void aWorkspaceIsAUuid(String workspace) {
        assertThatThrownBy(() -> new Identity(workspace, "u")).hasMessage("--workspace must be a UUID");
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static MintedTokens minted(KeyPair pair, Clock clock) {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        return MintedTokens.of(pem, "key.pem", "k1", "cp", IDENTITY, clock);
    }

    private static JsonNode json(String part) {
        return JSON.readTree(Base64.getUrlDecoder().decode(part));
    }

    /** A second later with each look. */
    private static final class Seconds extends Clock {
        private long now = 1_000;

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.@Nullable ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(now++);
        }
    }
}
