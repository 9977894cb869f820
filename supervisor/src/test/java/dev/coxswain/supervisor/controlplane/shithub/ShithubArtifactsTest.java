package dev.coxswain.supervisor.controlplane.shithub;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import dev.coxswain.supervisor.testing.RudeServer.Reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Artifacts of a job (contract shithub-actions 10). */
class ShithubArtifactsTest {
    private final ShithubRig rig = new ShithubRig();
    private final Lease lease = rig.lease();

    @AfterEach
    void close() {
        rig.close();
    }

    private static List<Artifact> artifact(String name) {
        return List.of(new Artifact(name, Path.of("/tmp/x"), 12, "application/zip"));
    }

    private static Reply url(String url) {
        Reply next = ShithubRig.next(1, ",\"artifact_id\":9007199254740003,\"upload_url\":\"" + url + "\"");
        return new Reply(201, next.headers(), next.body(), next.manner());
    }

    @Test
    void trap30AUrlIsReadAsJsonAndUsedWithoutHeadersOfOurs() {
        rig.server.then(url("https://store.example/b/k?X-Sig=a\\u0026X-Date=b"));

        SignedUpload upload = ShithubRig.only(lease.sign(artifact("app.zip"))).get(0);

        assertThat(upload.url().reveal()).isEqualTo("https://store.example/b/k?X-Sig=a&X-Date=b");
        assertThat(upload.headers()).isEqualTo(Map.of());
        assertThat(upload.reference()).isEqualTo("9007199254740003");
        assertThat(upload.expiresAt()).isEqualTo(ShithubRig.NOW.plus(Duration.ofMinutes(15)));
        assertThat(rig.server.only().uri()).isEqualTo(ShithubRig.PATH + "/artifacts/upload");
        assertThat(rig.server.only().body()).isEqualTo("{\"name\":\"app.zip\",\"size_bytes\":12}");
        assertThat(lease.atOnce()).isEqualTo(1);
    }

    @Test
    void trap25TheSameNameIsAskedForOnce() {
        rig.server.then(url("https://store.example/k"));
        SignedUpload first = ShithubRig.only(lease.sign(artifact("a"))).get(0);

        assertThat(ShithubRig.only(lease.sign(artifact("a")))).containsExactly(first);
        rig.nanos.addAndGet(Artifacts.URL_LIFE.toNanos());
        ShithubRig.fails(lease.sign(artifact("a")), ControlPlaneException.Rejected.class);
        assertThat(rig.server.seen()).hasSize(1);
    }

    @Test
    void trap25AQuotaEndsTheJob() {
        rig.server.then(ShithubRig.error(402, "quota"));

        ShithubRig.fails(lease.sign(artifact("a")), ControlPlaneException.LeaseLost.class);
        assertThat(lease.isOver()).isTrue();
    }

    @Test
    void trap02WithoutAStoreTheJobGoesOn() {
        rig.server.then(ShithubRig.error(503, "object storage is not configured"), ShithubRig.next(1));

        ShithubRig.fails(lease.sign(artifact("a")), ControlPlaneException.Rejected.class);
        ShithubRig.only(lease.heartbeat());
        assertThat(rig.bearer(1)).isEqualTo("Bearer token-0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mem://x", "", "file:///etc/passwd", "https://a b"})
    void anotherUrlIsNoPlaceToPutAFile(String url) {
        rig.server.then(url(url), ShithubRig.next(2));

        ShithubRig.fails(lease.sign(artifact("a")), ControlPlaneException.Rejected.class);
        // the call itself worked, and the name is taken
        ShithubRig.fails(lease.sign(artifact("a")), ControlPlaneException.Rejected.class);
        ShithubRig.only(lease.heartbeat());
        assertThat(rig.bearer(1)).isEqualTo("Bearer token-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "..a", "a/b", "ä", "a b"})
    void aNameThatWouldEndTheJobIsNotSent(String name) {
        ShithubRig.fails(lease.sign(artifact(name)), ControlPlaneException.Rejected.class);
        assertThatThrownBy(() -> lease.plan("{\"artifacts\":[{\"file\":\"x\",\"name\":\"" + name + "\"}]}"))
                .isInstanceOf(InvalidResultException.class).hasMessageContaining("artifacts[0].name");
        assertThat(rig.server.seen()).isEmpty();
    }

    @Test
    void aResultNamesFilesAndTheirNames() throws Exception {
        assertThat(lease
                .plan("{\"artifacts\":[{\"file\":\"out/a.zip\",\"name\":\"a\"},{\"file\":\"b\",\"name\":\".b\"}]}"))
                .containsExactly(new ArtifactRequest("out/a.zip", "a", "application/octet-stream"),
                        new ArtifactRequest("b", ".b", "application/octet-stream"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"artifacts\":7}", "{\"artifacts\":[7]}",
            "{\"artifacts\":[{\"file\":\"/x\",\"name\":\"a\"}]}",
            "{\"artifacts\":[{\"file\":\"a/../../x\",\"name\":\"a\"}]}",
            "{\"artifacts\":[{\"file\":\"x\",\"name\":\"a\"},{\"file\":\"y\",\"name\":\"a\"}]}"})
    void anotherResultIsTheJobsMistake(String document) {
        assertThatThrownBy(() -> lease.plan(document)).isInstanceOf(InvalidResultException.class);
    }
}
