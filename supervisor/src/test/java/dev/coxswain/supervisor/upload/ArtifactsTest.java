package dev.coxswain.supervisor.upload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** What may be uploaded, and as what. */
class ArtifactsTest {
    @TempDir
    Path folder;

    private Mono<List<Artifact>> prepare(ArtifactRequest... requests) {
        return new Artifacts(1000, Schedulers.boundedElastic()).of(List.of(requests), file -> {
            Path local = folder.resolve(file);
            return Files.exists(local) ? Mono.just(local) : Mono.empty();
        });
    }

    private void refused(String message, ArtifactRequest... requests) {
        StepVerifier.create(prepare(requests)).expectErrorSatisfies(
                e -> assertThat(e).isInstanceOf(InvalidResultException.class).hasMessage(message))
                .verify(Duration.ofSeconds(60));
    }

    @Test
    void filesBecomeArtifactsInTheirOrder() throws IOException {
        Files.write(folder.resolve("b.txt"), new byte[]{'h', 'i'});
        Files.write(folder.resolve("a.bin"), new byte[]{0, 1, 2});

        StepVerifier
                .create(prepare(new ArtifactRequest("b.txt", "x/b.txt", null),
                        new ArtifactRequest("a.bin", "a.bin", "video/mp4")))
                .expectNext(List.of(new Artifact("x/b.txt", folder.resolve("b.txt"), 2, "text/plain"),
                        new Artifact("a.bin", folder.resolve("a.bin"), 3, "video/mp4")))
                .expectComplete().verify(Duration.ofSeconds(60));
    }

    @Test
    void whatIsNoArtifactIsRefusedInWords() throws IOException {
        Files.createFile(folder.resolve("empty.png"));
        Files.write(folder.resolve("large.png"), new byte[1001]);
        Files.createDirectory(folder.resolve("folder"));

        refused("empty.png is empty: 0 bytes are no artifact", new ArtifactRequest("empty.png", "e.png", null));
        refused("large.png is too large to upload: 1001 bytes, at most 1000 are taken",
                new ArtifactRequest("large.png", "l.png", null));
        refused("folder is no regular file and can't be uploaded", new ArtifactRequest("folder", "f", null));
        refused("there is no file gone\\n.png to upload".replace("\\n", "?"),
                new ArtifactRequest("gone\n.png", "g.png", null));
        refused("two files are to be uploaded as A.png", new ArtifactRequest("empty.png", "a.png", null),
                new ArtifactRequest("large.png", "A.png", null));
        refused("the result names 1001 files to upload; at most 1000 are taken", IntStream.range(0, 1001)
                .mapToObj(i -> new ArtifactRequest("f" + i, "p" + i, null)).toArray(ArtifactRequest[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png; charset=utf-8", "image", "image/", "/png", "image/p ng", "image/png\r\nx: y",
            ""})
    void aStatedTypeIsPlainOrRefused(String type) {
        refused("the content type of a.png must be a plain type/subtype such as image/png, without parameters",
                new ArtifactRequest("a.png", "a.png", type));
    }

    @ParameterizedTest
    @CsvSource({"89504e470d0a1a0a00, a.jpg, image/png", "ffd8ffe0, a, image/jpeg", "474946383961, a, image/gif",
            "524946460000000057454250, a, image/webp", "524946460000000057415645, a, audio/wav",
            "49443304, a, audio/mpeg", "fffb9064, a.mp3, audio/mpeg", "fff15080, a, audio/aac",
            "664c6143, a, audio/flac", "4f676753, a.ogg, audio/ogg", "4f676753, a.ogv, video/ogg",
            "0000001c6674797069736f6d, a, video/mp4", "0000001c6674797069736f6d, a.m4a, audio/mp4",
            "0000001c667479704d344120, a.mp4, audio/mp4", "0000001c6674797071742020, a, video/quicktime",
            "0000001c6674797061766966, a, image/avif", "1a45dfa3, a, video/webm", "1a45dfa3, a.weba, audio/webm",
            "255044462d312e37, a.png, application/pdf", "504b0304, a.zip, application/zip",
            "504b0304, a.apk, application/vnd.android.package-archive", "1f8b08, a, application/gzip",
            "7b2261223a317d, a, application/json", "68656c6c6f, a, text/plain", "68656c6c6f, a.csv, text/csv",
            "7b7d, a.txt, text/plain", "c3a9, a.html, text/html", "0001020304, a.png, image/png",
            "0001020304, a.xyz, application/octet-stream", "0001020304, png, image/png"})
    void contentDecidesThenTheExtension(String head, String name, String type) {
        assertThat(ContentTypes.of(HexFormat.of().parseHex(head), name)).isEqualTo(type);
    }

    @Property(tries = 200)
    void everyFileHasAPlainType(@ForAll byte[] head, @ForAll String name) {
        assertThat(ContentTypes.isValid(ContentTypes.of(head, name))).isTrue();
    }

    @Test
    void aCharacterThatTheHeadCutsInTwoIsStillText() {
        byte[] text = ("a" + "é".repeat(300)).getBytes(StandardCharsets.UTF_8);
        byte[] head = java.util.Arrays.copyOf(text, ContentTypes.HEAD);

        assertThat(ContentTypes.of(head, "story")).isEqualTo("text/plain");
    }
}
