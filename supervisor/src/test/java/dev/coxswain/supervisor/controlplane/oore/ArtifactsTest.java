package dev.coxswain.supervisor.controlplane.oore;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Reserve, complete, abort (contract oore-ci 9). */
class ArtifactsTest {
    private static final Artifact APK = new Artifact("out/app.apk", Path.of("app.apk"), 12, "application/octet-stream");
    private final OoreRig rig = new OoreRig();
    private final Lease lease = rig.running();

    @AfterEach
    void close() {
        rig.close();
    }

    private SignedUpload reserve(String state, String url) {
        rig.server.then(Reply.json("{\"artifact\":{\"id\":\"a-1\",\"state\":\"" + state + "\",\"checksum\":null},"
                + "\"upload_url\":\"" + url + "\"}"));
        return OoreRig.only(lease.sign(List.of(APK))).get(0);
    }

    @Test
    void aReservationTellsNameTypeAndSizeAndIsGoodForOneTry() {
        SignedUpload upload = reserve("pending", "https://s3.example/k?sig=a%2Fb");

        assertThat(rig.server.only().uri()).isEqualTo(OoreRig.JOB + "/artifacts");
        assertThat(rig.server.only().body())
                .isEqualTo("{\"name\":\"app.apk\",\"artifact_type\":\"apk\",\"file_size\":12}");
        assertThat(upload.use()).isEqualTo(SignedUpload.Use.ONCE);
        assertThat(upload.url().reveal()).isEqualTo("https://s3.example/k?sig=a%2Fb");
        assertThat(lease.atOnce()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8787/v1/artifacts/local-upload/ff00",
            "https://ci.example.org/sub/v1/artifacts/local-upload/ff00"})
    void trap16ALocalUploadGoesToTheDaemonThatWeKnow(String url) {
        assertThat(reserve("pending", url).url().reveal())
                .isEqualTo(rig.server.uri() + "/v1/artifacts/local-upload/ff00");
    }

    @Test
    void trap18AFileThatIsThereAlreadyIsNeitherSentNorCompleted() {
        assertThat(reserve("available", "").use()).isEqualTo(SignedUpload.Use.NOTHING);
    }

    @Test
    void trap18ADaemonThatStoresNothingIsToldToForgetItAndTheJobFails() {
        rig.server.then(Reply.json("{\"artifact\":{\"id\":\"a-1\",\"state\":\"pending\"},\"upload_url\":\"\"}"),
                Reply.json("{}"));

        OoreRig.fails(lease.sign(List.of(APK)), ControlPlaneException.Rejected.class);
        assertThat(rig.server.seen().get(1).uri()).isEqualTo(OoreRig.JOB + "/artifacts/a-1/abort");
    }

    @Test
    void trap17ACompletionWhoseAnswerWasLostIsDoneWhenTheDaemonSaysSo() {
        SignedUpload upload = reserve("pending", "https://s3.example/k");
        rig.server.then(Reply.json("{}").sent(Manner.RESET), OoreRig.error(409, "artifact_not_pending"));

        OoreRig.fails(lease.stored(upload), ControlPlaneException.Unavailable.class);
        OoreRig.done(lease.stored(upload));
        assertThat(rig.server.seen()).extracting(seen -> seen.uri()).endsWith(OoreRig.JOB + "/artifacts/a-1/complete");
        assertThat(rig.server.seen().get(2).body()).isEqualTo("{}");
    }

    @Test
    void aCompletionThatIsRefusedAtOnceIsNotDone() {
        SignedUpload upload = reserve("pending", "https://s3.example/k");
        rig.server.then(OoreRig.error(409, "artifact_not_pending"));

        OoreRig.fails(lease.stored(upload), ControlPlaneException.Rejected.class);
    }

    @Test
    void aSpentReservationIsGivenBackWithTheReason() {
        SignedUpload upload = reserve("pending", "https://s3.example/k");
        rig.server.then(Reply.json("{}"));

        OoreRig.done(lease.givenUp(upload, "connection failed"));
        assertThat(rig.server.seen().get(1).body()).isEqualTo("{\"error_message\":\"connection failed\"}");
    }

    @ParameterizedTest
    @CsvSource({"a/b/App.APK,App.APK,apk", "x.ipa,x.ipa,ipa", "Runner.app.zip,Runner.app.zip,app",
            "a.aab,a.aab,generic",
            "b\\c.txt,b_c.txt,generic"})
    void namesAndTypesAreTheDaemons(String path, String name, String type) {
        assertThat(Artifacts.name(path)).isEqualTo(name);
        assertThat(Artifacts.type(name)).isEqualTo(type);
    }

    @Test
    void aNameIsShortenedByBytesAndKeepsItsEnding() {
        String name = Artifacts.name("ä".repeat(200) + ".apk");

        assertThat(name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length).isBetween(250, 255);
        assertThat(name).endsWith(".apk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no", "{\"artifacts\":{}}", "{\"artifacts\":[{}]}",
            "{\"artifacts\":[{\"file\":\"/etc/x\"}]}",
            "{\"artifacts\":[{\"file\":\"a/../../b\"}]}"})
    void aResultOutsideTheRulesIsRefused(String document) {
        assertThatThrownBy(() -> lease.plan(document)).isInstanceOf(InvalidResultException.class);
    }
}
