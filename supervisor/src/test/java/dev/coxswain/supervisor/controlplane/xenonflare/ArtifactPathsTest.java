package dev.coxswain.supervisor.controlplane.xenonflare;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

class ArtifactPathsTest {
    @ParameterizedTest
    @ValueSource(strings = {"a.png", "A-b_c.1.PNG", "a/b/c/d/e.mp4", "..a/b..png", "x.y/z.png"})
    void aGoodPathIsGood(String path) {
        assertThat(ArtifactPaths.problem(path)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a.png", "a//b.png", "a/", "./a.png", "a/./b.png", "../a.png", "a/../b.png", "..",
            "a/b/c/d/e/f.png", "a b.png", "ä.png", "a\\b.png", "a%2fb.png", "a?b.png", "a.png\n", "a\u0000.png",
            "noext",
            "a/noext", ".png", "a/.png", "a.", "x:y.png"})
    void aBadPathIsRefused(String path) {
        assertThat(ArtifactPaths.problem(path)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({"48,true", "49,false"})
    void aPartHasALimit(int length, boolean good) {
        assertThat(ArtifactPaths.problem("x".repeat(length - 4) + ".png") == null).isEqualTo(good);
    }

    @Provide
    Arbitrary<String> paths() {
        Arbitrary<String> odd = Arbitraries.of("..", ".", "", "a", "b.png", "c d", "ü", "%2e%2e", "\\", "x".repeat(49));
        return odd.list().ofMinSize(1).ofMaxSize(7).map(parts -> String.join("/", parts));
    }

    @Property(tries = 200)
    void whatPassesStaysInItsFolderAndNeedsNoEncoding(@ForAll("paths") String path) {
        if (ArtifactPaths.problem(path) == null) {
            assertThat(path).matches("[A-Za-z0-9._/-]+");
            assertThat(Path.of(path).normalize()).hasToString(path).isRelative();
            assertThat(path.split("/")).hasSizeLessThanOrEqualTo(5);
            assertThat(ArtifactPaths.fileProblem(path)).isNull();
        }
        if (List.of(path.split("/", -1)).contains("..")) {
            assertThat(ArtifactPaths.problem(path)).isNotNull();
            assertThat(ArtifactPaths.fileProblem(path)).isNotNull();
        }
    }
}
