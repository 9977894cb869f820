package dev.coxswain.supervisor.upload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactSigner;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.upload.RudeStore.Reply;
import dev.coxswain.supervisor.upload.RudeStore.Seen;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What follows from each answer of the store (contract xenonflare-studio 6). */
class StoreRulesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Function<Seen, Reply> script = seen -> Reply.status(200);
    private final RudeStore store = new RudeStore(seen -> script.apply(seen));
    private final UploadRig rig = new UploadRig();
    private final UploadRig.Signer signer = new UploadRig.Signer(
            (path, call) -> store.url("/" + path + "?url=" + call + "&sig=hidden"));

    @AfterEach
    void close() {
        rig.close();
        store.close();
    }

    private List<UploadEvent> upload() {
        return upload(UploadRig.artifact(folder, "scene1.png", 5000));
    }

    private List<UploadEvent> upload(Artifact artifact) {
        List<UploadEvent> events = rig.uploads.upload("shorts", signer, List.of(artifact)).collectList().block(LIMIT);
        return events == null ? List.of() : events;
    }

    private void fails(String... parts) {
        assertThatThrownBy(this::upload).isInstanceOf(UploadException.class).hasMessageContaining("scene1.png")
                .hasMessageContainingAll(parts).hasMessageNotContaining("hidden").hasMessageNotContaining("sig=");
        assertThat(rig.count("failed")).isEqualTo(1);
    }

    private List<String> targets() {
        return store.seen.stream().map(seen -> seen.target().replace("&sig=hidden", "")).toList();
    }

    @ParameterizedTest
    @CsvSource({"200,STORED", "201,STORED", "204,STORED", "202,FINAL", "206,FINAL", "301,FINAL", "302,FINAL",
            "303,FINAL", "304,FINAL", "307,ELSEWHERE", "308,ELSEWHERE", "400,REFUSED", "401,REFUSED", "403,REFUSED",
            "404,FINAL", "405,FINAL", "408,LATER", "409,FINAL", "411,FINAL", "412,EXISTS", "413,FINAL", "429,LATER",
            "500,LATER", "501,LATER", "502,LATER", "503,LATER", "504,LATER"})
    void verdicts(int status, Verdict verdict) {
        assertThat(Verdict.of(status)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201})
    void aStoredFileIsCounted(int status) {
        script = seen -> Reply.body(status, "ignored");

        assertThat(upload()).last().isInstanceOf(UploadEvent.Stored.class);
        assertThat(rig.count("stored")).isEqualTo(1);
        assertThat(rig.registry.get("coxswain_artifact_bytes_total").counter().count()).isEqualTo(5000);
        assertThat(rig.gauge("in_flight")).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void aRefusedUrlIsReplacedByAFreshOne(int status) {
        script = seen -> seen.number() == 1 ? Reply.code(status, "ExpiredToken") : Reply.status(200);

        assertThat(upload()).last().isInstanceOf(UploadEvent.Stored.class);
        assertThat(targets()).containsExactly("/scene1.png?url=0", "/scene1.png?url=1");
        assertThat(signer.calls).containsExactly(List.of("scene1.png"), List.of("scene1.png"));
    }

    @Test
    void twoFreshUrlsAreTheMost() {
        script = seen -> Reply.code(403, "AccessDenied");

        fails("127.0.0.1", "403 AccessDenied", "2 fresh URLs");
        assertThat(targets()).containsExactly("/scene1.png?url=0", "/scene1.png?url=1", "/scene1.png?url=2");
    }

    @Test
    void aWrongSignatureOnAFreshUrlIsFinal() {
        script = seen -> Reply.code(403, "SignatureDoesNotMatch");

        fails("403 SignatureDoesNotMatch");
        assertThat(targets()).containsExactly("/scene1.png?url=0", "/scene1.png?url=1");
    }

    @Test
    void anUrlWhoseTimeIsOverIsNotTriedButAFreshOneIsWhateverOurClockSays() {
        signer.expiresAt = Instant.EPOCH;

        assertThat(upload()).last().isInstanceOf(UploadEvent.Stored.class);
        assertThat(targets()).containsExactly("/scene1.png?url=1");
    }

    @Test
    void serverErrorsAreRetriedOnTheSameUrlThenOnceOnAFreshOne() {
        script = seen -> Reply.code(503, "SlowDown");

        fails("503 SlowDown");
        assertThat(targets()).hasSize(8).startsWith("/scene1.png?url=0", "/scene1.png?url=0", "/scene1.png?url=0",
                "/scene1.png?url=0", "/scene1.png?url=1").endsWith("/scene1.png?url=1");
        assertThat(rig.pauses).startsWith(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void retryAfterIsHonoured() {
        script = seen -> seen.number() == 1 ? Reply.status(429, "Retry-After: 7") : Reply.status(200);

        assertThat(upload()).last().isInstanceOf(UploadEvent.Stored.class);
        assertThat(rig.pauses).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void aBrokenConnectionIsTriedAgainWithTheWholeFile() {
        script = seen -> seen.number() < 3 ? Reply.reset(1000) : Reply.status(200);

        assertThat(upload()).last().isInstanceOf(UploadEvent.Stored.class);
        assertThat(store.sizes).containsExactly(5000L);
        assertThat(targets()).hasSize(3).containsOnly("/scene1.png?url=0");
    }

    @Test
    void nobodyListening() {
        store.close();

        fails("127.0.0.1", "connection failed");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 404, 409, 413})
    void otherAnswersAreFinal(int status) {
        script = seen -> Reply.body(status, "<Error><Code>Nope</Code></Error>", "Location: /elsewhere");

        fails(status + " Nope");
        assertThat(store.seen).hasSize(1);
    }

    @Test
    void theCodeOfAnEndlessErrorBodyIsLookedForInItsBeginningOnly() {
        script = seen -> Reply.body(404, "x".repeat(70_000) + "<Code>TooFar</Code>");

        assertThatThrownBy(this::upload).hasMessageEndingWith(": 404");
    }

    @ParameterizedTest
    @ValueSource(ints = {307, 308})
    void redirectsAreFollowedWithEverything(int status) {
        signer.headers = Map.of("x-goog-meta-a", "1");
        script = seen -> seen.target().startsWith("/there")
                ? Reply.status(200)
                : Reply.status(status, "Location: " + store.url("/there%2F?sig=hidden+"));

        assertThat(upload()).last().isInstanceOf(UploadEvent.Stored.class);
        Seen second = store.seen.get(1);
        assertThat(second.line()).isEqualTo("PUT /there%2F?sig=hidden+ HTTP/1.1");
        assertThat(second.headers()).contains("content-type: image/png", "x-goog-meta-a: 1", "content-length: 5000");
        assertThat(store.sizes).containsExactly(5000L, 5000L);
    }

    @Test
    void threeRedirectsAreTheMost() {
        script = seen -> Reply.status(307, "Location: /again" + seen.number());

        fails("307", "once too often");
        assertThat(store.seen).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.org/a?sig=hidden", "ftp://127.0.0.1/", "there", "https://u:p@h/"})
    void redirectsToPlainHttpOrNonsenseAreNotFollowed(String location) {
        script = seen -> Reply.status(307, "Location: " + location);

        fails("307 to a place that");
        assertThat(store.seen).hasSize(1);
    }

    @Test
    void httpsNeverBecomesHttp() throws Exception {
        SignedUrl secure = SignedUrl.parse("https://storage.example.org/o?sig=hidden");

        assertThatThrownBy(() -> secure.redirect("http://127.0.0.1/")).hasMessage("is not https");
        assertThatThrownBy(() -> SignedUrl.parse("http://example.org/?sig=hidden")).hasMessage("is not https");
        assertThat(secure.redirect("//other.example.org/x").origin()).isEqualTo("https://other.example.org:443");
        assertThat(secure.toString()).doesNotContain("hidden");
    }

    @Test
    void anExistingObjectOfOurSizeIsOurOwn() {
        script = seen -> Reply.status(412, "x-goog-stored-content-length: 5000");

        assertThat(upload()).last().isInstanceOf(UploadEvent.Stored.class);
    }

    @Test
    void theReferenceTellsTheSizeOfAnExistingObjectWithoutAnyCredential() {
        signer.reference = store.url("/public");
        script = seen -> seen.line().startsWith("HEAD")
                ? new Reply("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", false, Long.MAX_VALUE, false, false)
                : Reply.code(412, "PreconditionFailed");

        assertThat(upload()).last().isInstanceOf(UploadEvent.Stored.class);
        assertThat(store.seen.get(1).headers())
                .noneMatch(header -> header.toLowerCase(java.util.Locale.ROOT).matches("(authorization|cookie):.*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-goog-stored-content-length: 4999", "x-goog-stored-content-length: many", "a: b"})
    void anotherOrUnknownExistingObjectIsAFailure(String header) {
        script = seen -> Reply.status(412, header);

        fails("412", "not known to be this file");
    }

    @Test
    void aFileThatGrewIsNotTakenAsStored() {
        Artifact artifact = UploadRig.artifact(folder, "scene1.png", 100);
        script = seen -> {
            append(artifact.file(), 20);
            return Reply.status(200);
        };

        assertThatThrownBy(() -> upload(artifact)).isInstanceOf(UploadException.class)
                .hasMessage("scene1.png changed while it was uploaded: 100 → 120 bytes");
        assertThat(store.sizes).containsExactly(100L);
    }

    @Test
    void aFileThatChangedBeforeIsNotSent() {
        Artifact artifact = UploadRig.artifact(folder, "scene1.png", 100);
        append(artifact.file(), 1);

        assertThatThrownBy(() -> upload(artifact)).hasMessageContaining("100 → 101 bytes");
        assertThat(store.seen).isEmpty();
    }

    @Test
    void aFileThatShrinksWhileItIsReadFailsForGood() {
        Artifact artifact = UploadRig.artifact(folder, "large.bin", 20_000_000);
        script = seen -> {
            truncate(artifact.file());
            return Reply.status(200);
        };

        assertThatThrownBy(() -> upload(artifact)).isInstanceOf(UploadException.class)
                .hasMessageContaining("large.bin changed while it was uploaded: 20000000 → ");
        assertThatThrownBy(() -> rig.uploads.upload("shorts", signer,
                List.of(UploadRig.artifact(folder, "large.bin", 20_000_000)), Set.of(DigestKind.CRC32C))
                .blockLast(LIMIT))
                .isInstanceOf(UploadException.class).hasMessageContaining("large.bin changed");
    }

    @Test
    void aFileThatVanished() throws IOException {
        Artifact artifact = UploadRig.artifact(folder, "scene1.png", 100);
        Files.delete(artifact.file());

        assertThatThrownBy(() -> upload(artifact)).hasMessage("scene1.png vanished before it was uploaded");
    }

    @Test
    void aLostLeasePassesThroughAndNothingIsSent() {
        ControlPlaneException.LeaseLost lost = new ControlPlaneException.LeaseLost("gone");
        ArtifactSigner losing = artifacts -> Mono.error(lost);

        assertThatThrownBy(() -> rig.uploads
                .upload("shorts", losing, List.of(UploadRig.artifact(folder, "scene1.png", 1))).blockLast(LIMIT))
                .isSameAs(lost);
        assertThat(rig.pauses).isEmpty();
    }

    @Test
    void aSignerThatIsAwayForAMomentIsAskedAgain() {
        var calls = new java.util.concurrent.atomic.AtomicInteger();
        ArtifactSigner shaky = artifacts -> calls.incrementAndGet() < 3
                ? Mono.error(new ControlPlaneException.Unavailable("503", Duration.ofSeconds(9), null))
                : signer.sign(artifacts);

        assertThat(rig.uploads.upload("shorts", shaky, List.of(UploadRig.artifact(folder, "scene1.png", 1)))
                .blockLast(LIMIT)).isInstanceOf(UploadEvent.Stored.class);
        assertThat(rig.pauses).containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(9));
    }

    @Test
    void aPairingThatDoesNotFitIsNotUsed() {
        ArtifactSigner confused = artifacts -> signer.sign(List.of(artifacts.get(0), artifacts.get(0)));

        assertThatThrownBy(() -> rig.uploads.upload("shorts", confused,
                List.of(UploadRig.artifact(folder, "a.png", 1), UploadRig.artifact(folder, "b.png", 1)))
                .blockLast(LIMIT)).isInstanceOf(ControlPlaneException.Garbled.class);
        assertThat(store.seen).isEmpty();
    }

    private static void append(Path file, int bytes) {
        try {
            Files.write(file, new byte[bytes], StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void truncate(Path file) {
        try {
            Files.write(file, new byte[5]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
