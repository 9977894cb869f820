package dev.coxswain.supervisor.controlplane.xenonflare;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The traps of contract xenonflare-studio that are the adapter's, by their number there. */
class StudioTrapsTest {
    private final Studio studio = new Studio();
    private final Lease lease = studio.lease("{\"includeTts\":\"true\",\"voiceId\":\"v9\"}");

    @AfterEach
    void close() {
        studio.close();
    }

    @Test
    void trap01_seventeenArtifactsNeedTwoCallsInOrder() {
        List<Artifact> artifacts = Studio.artifacts(33);
        studio.server.then(signed(artifacts.subList(0, 16)), signed(artifacts.subList(16, 32)),
                signed(artifacts.subList(32, 33)));

        List<SignedUpload> uploads = StepVerifierValues.only(lease.sign(artifacts));

        assertThat(uploads).extracting(SignedUpload::artifact).containsExactlyElementsOf(artifacts);
        assertThat(studio.server.seen()).extracting(seen -> Studio.MAPPER.readTree(seen.body()).path("uploads").size())
                .containsExactly(16, 16, 1);
        JsonNode first = Studio.MAPPER.readTree(studio.server.seen().get(0).body());
        assertThat(first.path("uploads").path(0).toString())
                .isEqualTo("{\"path\":\"scene0.png\",\"contentType\":\"image/png\"}");
        assertThat(first.path("projectId").stringValue()).isEqualTo("p1");
    }

    @Test
    void trap01_aFailedSecondCallFailsTheWholeAndStopsThere() {
        List<Artifact> artifacts = Studio.artifacts(40);
        studio.server.then(signed(artifacts.subList(0, 16)), Reply.json(409, "{\"error\":\"gone\"}"));

        StepVerifier.create(lease.sign(artifacts)).expectError(ControlPlaneException.LeaseLost.class)
                .verify(Studio.PATIENCE);
        assertThat(studio.server.seen()).hasSize(2);
    }

    @Test
    void trap02_oneSpellingOfATypeGoesFromThePlanToTheSignature() throws Exception {
        assertThat(lease.plan("{\"videoUrl\":\"https://a/v.mp4\",\"assets\":["
                + "{\"file\":\"a.jpg\",\"contentType\":\"image/jpg\"},"
                + "{\"file\":\"b.mp3\",\"contentType\":\"audio/mpeg; charset=utf-8\"}]}"))
                .extracting(request -> request.contentType()).containsExactly("image/jpeg", "audio/mpeg");
        Artifact withCharset = new Artifact("b.mp3", Path.of("b.mp3"), 1, "audio/mpeg; charset=utf-8");
        StepVerifier.create(lease.sign(List.of(withCharset))).expectError(ControlPlaneException.Rejected.class)
                .verify(Studio.PATIENCE);
    }

    @Test
    void trap04_aSignedUrlStaysTheSameByteForByte() {
        String url = "https://store.example/a%2Fb/c%7e.png?X-Goog-Signature=a+b%2Bc%2F==&z=1&a=%e4#x";
        studio.server.then(Reply.json("[\"" + url + "\"]"));

        assertThat(StepVerifierValues.only(lease.sign(Studio.artifacts(1))).get(0).url().reveal()).isEqualTo(url);
    }

    @Test
    void trap05_heartbeatsGoOnWhileASlowCallHoldsTheOtherPool() {
        studio.server.then(Reply.json("{}").sent(Manner.SILENT), Reply.json("{}"));

        StepVerifier.create(lease.sign(Studio.artifacts(1))
                .takeUntilOther(studio.server.arrivals().skip(1).next().then(lease.heartbeat()))).expectComplete()
                .verify(Studio.PATIENCE);

        assertThat(studio.server.seen()).extracting(seen -> seen.uri()).containsExactly("/runnerSignUpload",
                "/heartbeatRunnerJob");
    }

    @Test
    void trap07_emptyScenesAreRefusedAlsoBesideAGoodVideo() {
        assertThatThrownBy(() -> lease.plan("{\"story\":{\"scenes\":[]},\"videoUrl\":\"https://a/v.mp4\"}"))
                .isInstanceOf(InvalidResultException.class).hasMessageContaining("story.scenes");
    }

    @Test
    void trap08_theReferenceIsNeverTheSignedUrl() {
        String url = "https://store.example/scene0.png?sig=1";
        studio.server.then(Reply.json("[\"" + url + "\"]"),
                Reply.json("[{\"url\":\"" + url + "\",\"publicUrl\":\"" + url + "\"}]"));

        for (int i = 0; i < 2; i++) {
            assertThat(StepVerifierValues.only(lease.sign(Studio.artifacts(1))).get(0).reference())
                    .isEqualTo("https://store.example/scene0.png");
        }
    }

    @Test
    void trap09_duplicatePathsAreRefusedWithoutRegardToCase() {
        assertThatThrownBy(() -> lease.plan("{\"videoUrl\":\"https://a/v.mp4\",\"assets\":["
                + "{\"file\":\"1/a.png\",\"path\":\"a.png\"},{\"file\":\"2/a.png\",\"path\":\"A.png\"}]}"))
                .isInstanceOf(InvalidResultException.class).hasMessageContaining("two files");
        StepVerifier.create(lease.sign(List.of(Studio.artifact("a.png"), Studio.artifact("A.PNG"))))
                .expectError(ControlPlaneException.Rejected.class).verify(Studio.PATIENCE);
        assertThat(studio.server.seen()).isEmpty();
    }

    @Test
    void trap10_anEmptyFileIsRefusedBeforeSigning() {
        StepVerifier.create(lease.sign(List.of(new Artifact("a.png", Path.of("a.png"), 0, "image/png"))))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(ControlPlaneException.Rejected.class)
                        .hasMessageContaining("is empty"))
                .verify(Studio.PATIENCE);
        assertThat(studio.server.seen()).isEmpty();
    }

    @Test
    void trap11_anUnclearCompleteAndTheAnswerToItsRepeatAreToldApart() {
        Outcome complete = new Outcome.Complete("{\"projectId\":\"p1\"}");
        studio.server.then(Reply.json("{\"ok\":true}").sent(Manner.RESET), Reply.json(409, "{\"error\":\"no lease\"}"));

        StepVerifier.create(lease.settle(complete)).expectError(ControlPlaneException.Unavailable.class)
                .verify(Studio.PATIENCE);
        StepVerifier.create(lease.settle(complete)).expectNext(new SettleReply.Gone("HTTP 409 — no lease"))
                .expectComplete().verify(Studio.PATIENCE);
        // nobody repeated anything below us
        assertThat(studio.server.seen()).hasSize(2);
    }

    @Test
    void trap12_aKeyOfTheWrongKindIsRefusedNotMistakenForNoJob() {
        studio.server.then(Reply.json(403, "{\"error\":\"not a studio runner\"}"));

        StepVerifier.create(studio.plane.lease(Studio.CREDENTIAL))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(ControlPlaneException.CredentialRefused.class)
                        .hasMessageContaining("not a studio runner"))
                .verify(Studio.PATIENCE);
    }

    @Test
    void trap13_signedUrlsAreInNoTextThatMayBeLogged() {
        studio.server.then(Reply.json("[\"https://store.example/a.png?sig=hush\"]"),
                Reply.json("[\"https://store.example/a.png?sig=hush\",\"x\"]"));

        assertThat(StepVerifierValues.only(lease.sign(Studio.artifacts(1))).toString()).doesNotContain("hush");
        StepVerifier.create(lease.sign(Studio.artifacts(1))).expectErrorSatisfies(e -> {
            for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.toString()).doesNotContain("hush").doesNotContain("sig=");
            }
        }).verify(Studio.PATIENCE);
        assertThat(lease.toString()).doesNotContain("hush");
    }

    @Test
    void trap14_theVoiceIsHandedToTheJobUnchanged() {
        assertThat(Studio.MAPPER.readTree(lease.job().document()).path("project").path("voiceId").stringValue())
                .isEqualTo("v9");
    }

    @Test
    void trap15_missingSpeechIsAWarningAndNoError() throws Exception {
        String document = "{\"story\":{\"scenes\":[{\"narration\":\"n\"}]}}";

        // what the warning counts
        assertThat(StudioResult.read(ExactJson.of(Studio.MAPPER), document).scenesWithoutAudio()).isEqualTo(1);
        assertThat(lease.compose(document, Map.of()).body())
                .isEqualTo("{\"projectId\":\"p1\",\"story\":{\"scenes\":[{\"narration\":\"n\"}]}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"true|true", "false|false", "\"true\"|true", "\"false\"|false", "null|false",
            "1|false"})
    void trap15_speechIsExpectedOnlyWhereItIsAskedFor(String includeTts, boolean expected) {
        assertThat(LeaseAnswer.includesTts(
                Studio.MAPPER.readTree("{\"project\":{\"includeTts\":" + includeTts + "}}"))).isEqualTo(expected);
    }

    @Test
    void aLargeReportIsSentNevertheless() throws Exception {
        String document = "{\"story\":{\"scenes\":[{\"narration\":\"" + "n".repeat(1_100_000) + "\"}]}}";

        Outcome.Complete complete = lease.compose(document, Map.of());
        studio.server.then(Reply.json("{}"));

        StepVerifier.create(lease.settle(complete)).expectNext(new SettleReply.Acknowledged()).expectComplete()
                .verify(Studio.PATIENCE);
        assertThat(studio.server.only().body()).hasSize(complete.body().length());
    }

    private static Reply signed(List<Artifact> artifacts) {
        return Reply.json(artifacts.stream()
                .map(a -> "{\"path\":\"" + a.path() + "\",\"uploadUrl\":\"https://store.example/" + a.path()
                        + "?s=1\"}")
                .collect(Collectors.joining(",", "{\"uploads\":[", "]}")));
    }
}
