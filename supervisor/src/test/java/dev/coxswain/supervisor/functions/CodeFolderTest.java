package dev.coxswain.supervisor.functions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.function.Language;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is read from and kept on this host: the code and the manifest (contract coderunner 6, 12; trap 10). */
class CodeFolderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private void file(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> packed(AtomicReference<@Nullable Path> zip) {
        return Objects.requireNonNull(new CodeFolder(folder).packed(folder.resolve("coderunner.json"), path -> {
            zip.set(path);
            try (ZipFile file = new ZipFile(path.toFile())) {
                return Mono.just(file.stream().map(ZipEntry::getName).toList());
            } catch (IOException e) {
                return Mono.error(e);
            }
        }).block(PATIENCE));
    }

    @Test
    void theCodeIsPackedWithoutWhatIsNotCode() {
        file("index.js", "1");
        file("lib/a.js", "2");
        file("node_modules/x/index.js", "3");
        file(".git/config", "no");
        file("lib/.DS_Store", "no");
        file("__pycache__/a.pyc", "no");
        file("coderunner.json", "{}");
        AtomicReference<@Nullable Path> zip = new AtomicReference<>();

        assertThat(packed(zip)).containsExactly("index.js", "lib/a.js", "node_modules/x/index.js");
        assertThat(Objects.requireNonNull(zip.get())).doesNotExist();
    }

    @Test
    void whatACoderunnerWouldRefuseIsRefusedHereByName() throws IOException {
        AtomicReference<@Nullable Path> zip = new AtomicReference<>();
        assertThatThrownBy(() -> packed(zip)).hasMessage(folder + " holds no code");
        file("index.js", "1");
        file("Index.js", "2");
        assertThatThrownBy(() -> packed(zip)).hasMessageMatching("[iI]ndex.js has the name of another file, .*");
        Files.delete(folder.resolve("Index.js"));
        Files.createSymbolicLink(folder.resolve("link.js"), folder.resolve("index.js"));
        assertThatThrownBy(() -> packed(zip)).hasMessage("link.js is a symbolic link; put the file itself there");
        Files.delete(folder.resolve("link.js"));
        file("a\\b.js", "3");
        assertThatThrownBy(() -> packed(zip)).hasMessageContaining("backslash");
        assertThat(zip.get()).isNull();
    }

    @Test
    void theLanguageIsThatOfTheEntryPoint() {
        CodeFolder code = new CodeFolder(folder);
        assertThatThrownBy(() -> code.language(null)).hasMessageContaining("no entry point: NodeJS")
                .hasMessageContaining("Python");
        file("main.py", "");
        assertThat(code.language(null)).isEqualTo(Language.PYTHON);
        file("index.js", "");
        assertThatThrownBy(() -> code.language(null))
                .hasMessageContaining("nodejs or python; say which with --language");
        assertThat(code.language(Language.NODEJS)).isEqualTo(Language.NODEJS);
    }

    @Test
    void aStarterIsCodeOfItsLanguageAndReplacesNothing() {
        for (Language language : Language.values()) {
            Path target = folder.resolve(language.label());
            Path file = Starter.write(target, language);

            assertThat(new CodeFolder(target).language(null)).isEqualTo(language);
            assertThatThrownBy(() -> Starter.write(target, language)).hasMessageContaining(file + " can't be written");
        }
    }

    @Test
    void theManifestKeepsWhatElseIsInIt() {
        file("coderunner.json", "{\"name\":\"app\",\"coderunner\":{\"definition_id\":\"d\",\"kind\":\"x\"}}");
        Manifest manifest = new Manifest(folder.resolve("coderunner.json"));

        manifest.put(Map.of(ManifestKey.VERSION_ID, "v", ManifestKey.LAST_JOB_STATUS, "Completed"));

        assertThat(manifest.text().replaceAll("\\s", ""))
                .isEqualTo("{\"name\":\"app\",\"coderunner\":{\"definition_id\":\"d\","
                        + "\"kind\":\"x\",\"version_id\":\"v\",\"last_job_status\":\"Completed\"}}".replaceAll("\\s",
                                ""))
                .satisfies(text -> assertThat(manifest.get(ManifestKey.VERSION_ID)).isEqualTo("v"));
        assertThat(manifest.lines()).extracting(Map.Entry::getKey).containsExactly("definition_id", "version_id",
                "last_job_status");
    }

    @Test
    void aManifestThatIsNoneIsNamed() {
        Manifest manifest = new Manifest(folder.resolve("coderunner.json"));
        assertThatThrownBy(() -> manifest.need(ManifestKey.VERSION_ID, "push makes one"))
                .hasMessage(manifest.file() + " names no version_id; push makes one");
        file("coderunner.json", "{\n oops");
        assertThatThrownBy(() -> manifest.get(ManifestKey.VERSION_ID))
                .hasMessage(manifest.file() + " is not valid JSON, line 2");
        file("coderunner.json", "{\"coderunner\":7}");
        assertThatThrownBy(() -> manifest.get(ManifestKey.VERSION_ID)).hasMessageContaining("is no manifest");
    }
}
