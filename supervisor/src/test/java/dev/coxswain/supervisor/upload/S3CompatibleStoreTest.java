package dev.coxswain.supervisor.upload;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;

import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Uploads to a store that was not written by us and verifies every signature. */
class S3CompatibleStoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String BUCKET = "/shorts";

    private static S3Proxy proxy;
    private static SigV4 keys;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3Proxy.builder().blobStore(BlobStores.create("transient-nio2", new Properties()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "fleet", "storage-secret").build();
        proxy.start();
        keys = new SigV4("fleet", "storage-secret", "127.0.0.1:" + proxy.getPort());
        assertThat(send("PUT", BUCKET).statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() throws Exception {
        proxy.stop();
    }

    private static String sign(String path, String type) {
        return keys.put(BUCKET + "/" + path, type, Instant.now(), 600);
    }

    /** Asks the store itself, signed like everything else. */
    private static HttpResponse<byte[]> send(String method, String path) throws Exception {
        URI url = URI.create(keys.url(method, path, "", Instant.now(), 600));
        try (HttpClient plain = HttpClient.newHttpClient()) {
            return plain.send(HttpRequest.newBuilder(url).method(method, BodyPublishers.noBody()).build(),
                    BodyHandlers.ofByteArray());
        }
    }

    private static HttpResponse<byte[]> stored(String path) throws Exception {
        return send("GET", BUCKET + "/" + path);
    }

    @Test
    void filesArriveUnderNamesThatNeedEscaping() throws Exception {
        List<String> names = List.of("scene1.png", "with space+plus.png", "a%2Fb.png", "grün=1&x.png", "deep/er/c.png");
        List<Artifact> artifacts = names.stream().map(name -> new Artifact(name,
                UploadRig.artifact(folder, "f" + names.indexOf(name), 10_000 + names.indexOf(name)).file(),
                10_000 + names.indexOf(name), "image/png")).toList();
        try (UploadRig rig = new UploadRig()) {
            List<UploadEvent> events = rig.uploads.upload("shorts",
                    new UploadRig.Signer((path, call) -> sign(path, "image/png")), artifacts).collectList()
                    .block(LIMIT);

            assertThat(events).filteredOn(UploadEvent.Stored.class::isInstance).hasSize(names.size());
        }
        for (Artifact artifact : artifacts) {
            HttpResponse<byte[]> stored = stored(artifact.path());
            assertThat(stored.statusCode()).isEqualTo(200);
            assertThat(stored.body()).isEqualTo(Files.readAllBytes(artifact.file()));
            assertThat(stored.headers().firstValue("content-type")).contains("image/png");
        }
    }

    @Test
    void aLargeFileArrivesWhole() throws Exception {
        Artifact video = UploadRig.artifact(folder, "video.mp4", UploadRig.content("video", 20_000_000), "video/mp4");
        try (UploadRig rig = new UploadRig()) {
            rig.uploads.upload("shorts", new UploadRig.Signer((path, call) -> sign(path, "video/mp4")), List.of(video))
                    .blockLast(LIMIT);
        }
        assertThat(stored("video.mp4").body()).isEqualTo(UploadRig.content("video", 20_000_000));
    }

    @Test
    void anExpiredUrlIsReplaced() throws Exception {
        UploadRig.Signer signer = new UploadRig.Signer((path, call) -> call == 0
                ? keys.put(BUCKET + "/" + path, "image/png", Instant.now().minusSeconds(700), 60)
                : sign(path, "image/png"));
        try (UploadRig rig = new UploadRig()) {
            rig.uploads.upload("shorts", signer, List.of(UploadRig.artifact(folder, "late.png", 100))).blockLast(LIMIT);
        }
        assertThat(signer.calls).hasSize(2);
        assertThat(stored("late.png").body()).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature", "type", "name"})
    void whatWasNotSignedIsRefused(String tampered) throws Exception {
        UploadRig.Signer signer = new UploadRig.Signer((path, call) -> switch (tampered) {
            case "signature" -> sign(path, "image/png").replaceAll("....$", "0000");
            case "type" -> sign(path, "image/jpeg");
            default -> sign(path, "image/png").replace("refused", "other");
        });
        try (UploadRig rig = new UploadRig()) {
            assertThatThrownBy(() -> rig.uploads
                    .upload("shorts", signer, List.of(UploadRig.artifact(folder, "refused.png", 100))).blockLast(LIMIT))
                    .isInstanceOf(UploadException.class)
                    .hasMessageContaining("refused.png could not be stored at 127.0.0.1: 403 SignatureDoesNotMatch")
                    .hasMessageNotContaining("X-Amz");
        }
        assertThat(signer.calls).hasSize(2);
        assertThat(stored("refused.png").statusCode()).isEqualTo(404);
        assertThat(stored("other.png").statusCode()).isEqualTo(404);
    }
}
