package dev.coxswain.supervisor.upload;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Artifact;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a PUT looks like on the wire. */
class WireTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final RudeStore store = new RudeStore(seen -> RudeStore.Reply.status(200));
    private final UploadRig rig = new UploadRig();

    @AfterEach
    void close() {
        rig.close();
        store.close();
    }

    private List<UploadEvent> upload(UploadRig.Signer signer, Set<DigestKind> digests, Artifact... artifacts) {
        List<UploadEvent> events = rig.uploads.upload("shorts", signer, List.of(artifacts), digests).collectList()
                .block(LIMIT);
        return events == null ? List.of() : events;
    }

    private UploadRig.Signer at(String target) {
        return new UploadRig.Signer((path, call) -> store.url(target));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2Fb/scene1.png?X=a%2Bb+c=&empty&also=&sig=%2f%2F==", "//double//slash//?a//b",
            "/../up/./here?x=../..", "/?", "?only=query", "/%zz/100%?%", "/a;b=c/d:e@f!$&'()*,?q=[1]{2}|^`\"<>\\",
            "/grün/日本?ü=é", "/a?b?c?d=/?"})
    void pathAndQueryAreSentByteForByte(String target) throws Exception {
        upload(at(target), Set.of(), UploadRig.artifact(folder, "scene1.png", 10));

        String sent = new String(store.awaitRequest().target().getBytes(StandardCharsets.ISO_8859_1),
                StandardCharsets.UTF_8);
        assertThat(sent).isEqualTo(target.startsWith("?") ? "/" + target : target);
    }

    @Test
    void anyVisibleCharactersSurvive() throws Exception {
        Artifact artifact = UploadRig.artifact(folder, "scene1.png", 3);
        Arbitrary<String> odd = Arbitraries.strings().withCharRange('!', '~').withChars("%/+=&?éß日€")
                .excludeChars('#').ofMinLength(0).ofMaxLength(80);
        for (String rest : odd.sampleStream().limit(150).toList()) {
            upload(at("/" + rest), Set.of(), artifact);
            String sent = new String(store.awaitRequest().target().getBytes(StandardCharsets.ISO_8859_1),
                    StandardCharsets.UTF_8);
            assertThat(sent).isEqualTo("/" + rest);
        }
        assertThat(store.connections).as("connections are kept for the next file").hasValueLessThan(10);
    }

    @Test
    void nothingIsSentButWhatWasDecidedOn() throws Exception {
        UploadRig.Signer signer = at("/o?sig=1");
        signer.headers = Map.of("x-goog-Meta-A", "Two  Words", "content-type", "image/png");

        upload(signer, Set.of(), UploadRig.artifact(folder, "scene1.png", 4096));

        RudeStore.Seen seen = store.awaitRequest();
        assertThat(seen.line()).isEqualTo("PUT /o?sig=1 HTTP/1.1");
        assertThat(seen.headers()).containsExactlyInAnyOrder("host: 127.0.0.1:" + store.port(),
                "content-length: 4096", "content-type: image/png", "x-goog-Meta-A: Two  Words");
    }

    @Test
    void theFileArrivesAsItIs() {
        Artifact large = UploadRig.artifact(folder, "large.bin", 3_000_001);

        List<UploadEvent> events = upload(at("/o"), Set.of(), large);

        assertThat(store.bodies).singleElement().isEqualTo(UploadRig.content("large.bin", 3_000_001));
        assertThat(events).last().isInstanceOfSatisfying(UploadEvent.Stored.class, stored -> {
            assertThat(stored.sizeBytes()).isEqualTo(3_000_001);
            assertThat(stored.digests()).isEmpty();
        });
    }

    @Test
    void digestsAreOfTheBytesThatWereSentAndNothingIsChunked() throws Exception {
        Artifact large = UploadRig.artifact(folder, "large.bin", 3_000_001);

        List<UploadEvent> events = upload(at("/o"), Set.of(DigestKind.values()), large);

        assertThat(store.awaitRequest().headers()).contains("content-length: 3000001")
                .noneMatch(header -> header.startsWith("transfer-encoding"));
        assertThat(store.bodies).singleElement().isEqualTo(UploadRig.content("large.bin", 3_000_001));
        assertThat(events).last().isInstanceOfSatisfying(UploadEvent.Stored.class, stored -> assertThat(
                stored.digests()).containsOnlyKeys(DigestKind.values())
                .containsEntry(DigestKind.SHA256, sha256(large)));
    }

    @Test
    void knownDigests() {
        Digests digests = new Digests(Set.of(DigestKind.values()));
        digests.update(StandardCharsets.US_ASCII.encode("12345"));
        digests.update(StandardCharsets.US_ASCII.encode("6789"));

        assertThat(digests.finish()).containsEntry(DigestKind.CRC32C, "e3069283")
                .containsEntry(DigestKind.MD5, "25f9e794323b453885f5181f1b624d0b");
    }

    @Test
    void aHeaderThatWouldChangeTheFramingIsRefused() {
        UploadRig.Signer signer = at("/o?secret=1");
        signer.headers = Map.of("Transfer-Encoding", "chunked");

        assertThatThrownBy(() -> upload(signer, Set.of(), UploadRig.artifact(folder, "scene1.png", 10)))
                .isInstanceOf(UploadException.class).hasMessageContaining("Transfer-Encoding")
                .hasMessageNotContaining("secret");
        assertThat(store.seen).isEmpty();
    }

    private static String sha256(Artifact artifact) {
        try {
            return java.util.HexFormat.of()
                    .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                            .digest(Files.readAllBytes(artifact.file())));
        } catch (java.io.IOException | java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
