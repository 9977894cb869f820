package dev.coxswain.supervisor.upload;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.Artifact;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Uploads over TLS: the way all real stores are reached. */
class TlsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void theFileArrivesAsItIsUnderTheExactUrlAndAStrangersCertificateIsRefused() throws Exception {
        SslContext trusting = SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build();
        Artifact video = UploadRig.artifact(folder, "video.mp4", UploadRig.content("video", 5_000_001), "video/mp4");
        try (RudeStore store = new RudeStore(seen -> RudeStore.Reply.status(200), selfSigned());
                UploadRig rig = new UploadRig(UploadConfig.DEFAULT, UploadRig.UNHURRIED,
                        client -> client.secure(spec -> spec.sslContext(trusting)));
                UploadRig wary = new UploadRig()) {
            UploadRig.Signer signer = new UploadRig.Signer(
                    (path, call) -> "https://127.0.0.1:" + store.port() + "/a%2Fb?sig=1+2%2B&x=");

            assertThatThrownBy(() -> wary.uploads.upload("shorts", signer, List.of(video)).blockLast(LIMIT))
                    .isInstanceOf(UploadException.class).hasMessageContaining("SSLHandshakeException")
                    .hasMessageNotContaining("sig=");
            assertThat(store.seen).isEmpty();

            assertThat(rig.uploads.upload("shorts", signer, List.of(video)).blockLast(LIMIT))
                    .isInstanceOf(UploadEvent.Stored.class);
            assertThat(store.seen.get(0).line()).isEqualTo("PUT /a%2Fb?sig=1+2%2B&x= HTTP/1.1");
            assertThat(store.seen.get(0).headers()).containsExactlyInAnyOrder("host: 127.0.0.1:" + store.port(),
                    "content-length: 5000001", "content-type: video/mp4");
            assertThat(store.bodies).singleElement().isEqualTo(UploadRig.content("video", 5_000_001));
        }
    }

    private SSLContext selfSigned() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "store", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext", "SAN=ip:127.0.0.1",
                "-keystore", keys.toString(), "-storepass", "testtest", "-storetype", "PKCS12").inheritIO().start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "testtest".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, "testtest".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
