package dev.coxswain.supervisor.controlplane.xenonflare;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class StudioSigningTest {
    private static final String A = "https://store.example/b/a.png?X-Sig=a%2Bb%2Fc+d&x=%7e";
    private static final String B = "https://store.example/b/b.png?X-Sig=zz";
    private static final List<Artifact> TWO = List.of(Studio.artifact("a.png"), Studio.artifact("b.png"));

    private final Studio studio = new Studio();
    private final Lease lease = studio.lease();

    @AfterEach
    void close() {
        studio.close();
    }

    static Stream<String> forms() {
        String entryA = "{\"path\":\"a.png\",\"uploadUrl\":\"" + A + "\"}";
        String entryB = "{\"path\":\"b.png\",\"uploadUrl\":\"" + B + "\"}";
        Stream<String> listed = Stream.of("uploads", "urls", "signedUrls", "files", "data")
                .map(name -> "{\"ok\":true,\"" + name + "\":[" + entryB + "," + entryA + "]}");
        Stream<String> named = Stream.of("uploadUrl", "signedUrl", "putUrl", "url").map(name -> "[{\"" + name + "\":\""
                + A + "\",\"path\":null,\"method\":\"put\"},{\"" + name + "\":\"" + B + "\"}]");
        Stream<String> others = Stream.of("[\"" + A + "\",\"" + B + "\"]", "[" + entryA + "," + entryB + "]",
                "{\"uploads\":[\"" + A + "\",\"" + B + "\"]}",
                "{\"b.png\":\"" + B + "\",\"ok\":true,\"a.png\":{\"url\":\"" + A + "\"}}",
                "{\"uploads\":{\"a.png\":\"" + A + "\",\"b.png\":" + entryB + "}}",
                "{\"data\":{\"uploads\":[" + entryA + "," + entryB + "]}}", "{\"uploads\":null,\"urls\":[" + entryA
                        + "," + entryB + "]}",
                "[{\"uploadUrl\":\"" + A + "\",\"url\":\"https://other/\"},{\"uploadUrl\":null,\"url\":\"" + B
                        + "\"}]");
        return Stream.of(listed, named, others).flatMap(s -> s);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void everyFormThatIsLikelyIsRead(String body) {
        List<SignedUpload> signed = sign(Reply.json(body), TWO);

        assertThat(signed).extracting(s -> s.artifact().path()).containsExactly("a.png", "b.png");
        // byte for byte, whatever a URL class would make of it (trap 4)
        assertThat(signed).extracting(s -> s.url().reveal()).containsExactly(A, B);
        assertThat(signed).extracting(SignedUpload::reference).containsExactly("https://store.example/b/a.png",
                "https://store.example/b/b.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"publicUrl", "downloadUrl", "fileUrl", "readUrl"})
    void theReferenceIsTheFirstOfItsNames(String name) {
        SignedUpload signed = sign(Reply.json("[{\"url\":\"" + A + "\",\"" + name
                + "\":\"https://cdn.example/a.png?alt=media\"}]"), TWO.subList(0, 1)).get(0);

        assertThat(signed.reference()).isEqualTo("https://cdn.example/a.png?alt=media");
    }

    @Test
    void headersExpiryAndTypeAreTakenOver() {
        SignedUpload signed = sign(Reply.json("{\"uploads\":[{\"path\":\"a.png\",\"url\":\"" + A
                + "\",\"contentType\":\"image/png\",\"expiresAt\":\"2026-05-17T10:15:00Z\",\"headers\":{\"x-goog-acl\":"
                + "\"public-read\",\"X-N\":5,\"content-type\":\"image/png\",\"Content-Length\":\"10\"}}]}"),
                TWO.subList(0, 1)).get(0);

        assertThat(signed.headers()).isEqualTo(Map.of("x-goog-acl", "public-read", "X-N", "5"));
        assertThat(signed.expiresAt()).isEqualTo(Instant.parse("2026-05-17T10:15:00Z"));
    }

    static Stream<String> unusable() {
        String a = "{\"path\":\"a.png\",\"url\":\"" + A + "\"}";
        String b = "{\"path\":\"b.png\",\"url\":\"" + B + "\"}";
        return Stream.of("[" + a + "]", "[" + a + "," + b + "," + b + "]", "[" + a + "," + a + "]",
                "[" + a + ",{\"url\":\"" + B + "\"}]", "[" + a + ",{\"path\":\"B.png\",\"url\":\"" + B + "\"}]",
                "[\"" + A + "\"," + b + "]", "[" + a + ",7]", "[" + a + ",{\"path\":\"b.png\"}]", "[" + a
                        + ",{\"path\":\"b.png\",\"url\":7}]",
                "[" + a + ",{\"path\":7,\"url\":\"" + B + "\"}]", "{\"ok\":true}", "{}", "[]", "null", "7", "",
                "{\"uploads\":",
                "{\"uploads\":7}", "{\"data\":{\"data\":{\"data\":{\"data\":{\"uploads\":[" + a + "," + b + "]}}}}}",
                "{\"a.png\":\"" + A + "\",\"b.png\":\"" + B + "\",\"c.png\":\"" + B + "\"}",
                "{\"a.png\":\"" + A + "\",\"b.png\":{\"path\":\"c.png\",\"url\":\"" + B + "\"}}",
                two("\"method\":\"POST\""), two("\"contentType\":\"image/jpeg\""), two("\"headers\":[]"),
                two("\"headers\":{\"a\\r\\nb\":\"c\"}"), two("\"headers\":{\"a\":\"b\\r\\nc: d\"}"),
                two("\"headers\":{\"a\":{}}"), two("\"headers\":{\"Content-Type\":\"image/jpeg\"}"),
                two("\"publicUrl\":\"http://cdn.example/a.png\""), two("\"publicUrl\":\"a.png\""));
    }

    private static String two(String more) {
        return "[{\"path\":\"a.png\",\"url\":\"" + A + "\"," + more + "},{\"path\":\"b.png\",\"url\":\"" + B + "\"}]";
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void nothingIsPairedByGuessing(String body) {
        studio.server.then(Reply.json(body));

        StepVerifier.create(lease.sign(TWO)).expectErrorSatisfies(e -> {
            assertThat(e).isInstanceOf(ControlPlaneException.Garbled.class)
                    .hasMessageContaining("/runnerSignUpload");
            assertThat(e.getMessage()).doesNotContain("X-Sig").doesNotContain("store.example");
        }).verify(Studio.PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://store.example/a?s", "ftp://x/a", "/a.png", "", "https://", "https:///a",
            "https://u:p@store.example/a", "https://a b/", "http://127.0.0.1.evil.example/a", "http://localhost.evil/a",
            "http://127.0.0.1@evil.example/a", "https://store.example/a\\nb", "javascript:alert(1)"})
    void aUrlThatIsNotHttpsIsRefused(String url) {
        studio.server.then(Reply.json("[{\"url\":\"" + url + "\"}]"));

        StepVerifier.create(lease.sign(TWO.subList(0, 1))).expectError(ControlPlaneException.Garbled.class)
                .verify(Studio.PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:9/a?s=1", "http://localhost/a?s=1", "http://[::1]:9/a?s=1",
            "HTTPS://Store.Example:8443/a?s=1"})
    void plainHttpIsForLoopback(String url) {
        assertThat(sign(Reply.json("[{\"url\":\"" + url + "\"}]"), TWO.subList(0, 1)).get(0).url().reveal())
                .isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource({"409,LeaseLost", "410,LeaseLost", "404,Rejected", "400,Rejected", "401,CredentialRefused",
            "429,RateLimited", "503,Unavailable"})
    void aStatusMeansWhatTheContractSays(int status, String kind) {
        studio.server.then(Reply.json(status, "{\"error\":\"no\"}"));

        StepVerifier.create(lease.sign(TWO))
                .expectErrorSatisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind))
                .verify(Studio.PATIENCE);
    }

    @Test
    void nothingToSignMakesNoCall() {
        StepVerifier.create(lease.sign(List.of())).expectNext(List.of()).expectComplete().verify(Studio.PATIENCE);

        assertThat(studio.server.seen()).isEmpty();
    }

    @Test
    void anArtifactThatMustNotBeSignedMakesNoCall() {
        for (Artifact bad : List.of(Studio.artifact("../a.png"),
                new Artifact("a.png", Path.of("a.png"), 10, "image/png; charset=utf-8"))) {
            StepVerifier.create(lease.sign(List.of(bad))).expectError(ControlPlaneException.Rejected.class)
                    .verify(Studio.PATIENCE);
        }
        assertThat(studio.server.seen()).isEmpty();
    }

    private List<SignedUpload> sign(Reply answer, List<Artifact> artifacts) {
        studio.server.then(answer);
        return StepVerifierValues.only(lease.sign(artifacts));
    }
}
