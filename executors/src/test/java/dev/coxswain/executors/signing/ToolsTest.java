package dev.coxswain.executors.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;

/** Which programs sign, and what is told of what they say. */
class ToolsTest {
    private static final SigningProfile PROFILE = new SigningProfile(new byte[1], "hush", Keys.ALIAS, "hush-hush");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void versionsAreComparedByNumberAndAPreviewIsOlder() {
        assertThat(List.of("35.0.0", "9.0.0", "36.0.0-rc2", "35.0.0-rc1", "34.0.0", "36.0.0-rc10", "android-15", "lib")
                .stream().sorted(java.util.Comparator.comparing(ToolVersion::of)))
                .containsExactly("lib", "9.0.0", "android-15", "34.0.0", "35.0.0-rc1", "35.0.0", "36.0.0-rc2",
                        "36.0.0-rc10");
        assertThat(ToolVersion.of("99999999999999999999").major()).isEqualTo(999_999_999);
    }

    @Test
    void theConfiguredSdkIsTheOnlyOneThenTheEnvironmentsThenTheSystems() throws IOException {
        program("usr/bin/apksigner");
        program("b/build-tools/30.0.3/apksigner");
        program("c/build-tools/35.0.0/apksigner");
        program("c/build-tools/35.0.0/zipalign");
        Map<String, String> environment = Map.of("ANDROID_HOME", folder + "/a", "ANDROID_SDK_ROOT", folder + "/b",
                "PATH", folder + "/c/build-tools/35.0.0");

        assertThat(apks(Map.of(), null).apksigner()).isEqualTo(folder.resolve("usr/bin/apksigner"));
        assertThat(apks(environment, null).apksigner()).isEqualTo(folder.resolve("b/build-tools/30.0.3/apksigner"));
        assertThat(apks(environment, null).zipalign()).isNull();
        assertThat(apks(environment, null).knowsLargePages()).isFalse();
        assertThat(apks(environment, folder + "/c").zipalign()).isNotNull();
        assertThat(apks(environment, folder + "/c").knowsLargePages()).isTrue();
        assertThat(apks(environment, folder + "/nowhere").apksigner())
                .isEqualTo(folder.resolve("usr/bin/apksigner"));
    }

    private SigningTools.BuildTools apks(Map<String, String> environment, @Nullable String androidHome) {
        return Objects.requireNonNull(new ToolSearch(environment, androidHome, folder).find().apks());
    }

    @Test
    void jarsignerIsThatOfJavaHomeThenOfTheNewestJavaOfTheSystem() throws IOException {
        program("usr/bin/jarsigner");
        assertThat(find(Map.of()).jars()).isEqualTo(folder.resolve("usr/bin/jarsigner"));
        assertThat(find(Map.of()).javaHome()).isNull();
        program("usr/lib/jvm/java-9-openjdk/bin/jarsigner");
        program("usr/lib/jvm/temurin-25-jdk/bin/jarsigner");
        Files.createDirectories(folder.resolve("usr/lib/jvm/java-26-headless/bin"));
        assertThat(find(Map.of("JAVA_HOME", folder + "/none")).jars())
                .isEqualTo(folder.resolve("usr/lib/jvm/temurin-25-jdk/bin/jarsigner"));
        assertThat(find(Map.of("PATH", "/usr/bin")).javaHome())
                .isEqualTo(folder.resolve("usr/lib/jvm/temurin-25-jdk"));
        program("jdk/bin/jarsigner");
        assertThat(find(Map.of("JAVA_HOME", folder + "/jdk")).jars()).isEqualTo(folder.resolve("jdk/bin/jarsigner"));
    }

    private SigningTools find(Map<String, String> environment) {
        return new ToolSearch(environment, null, folder).find();
    }

    private void program(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, "#!/bin/sh\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void theLastLineThatIsNoTraceIsToldWithoutThePasswords() {
        ToolOutput output = new ToolOutput();
        add(output, "first\nCaused by: hush-hush is no hush\u001b[0m\n\tat a.b.C(D.java:1)\n\t... 3 more\n\n");

        assertThat(output.lastLine(PROFILE)).isEqualTo("Caused by: *** is no ***?[0m");
        assertThat(new ToolOutput().lastLine(PROFILE)).isEqualTo("no word of why");
    }

    @Test
    void aLineWhoseBeginningIsLostIsNotTold() {
        ToolOutput output = new ToolOutput();
        add(output, "x".repeat(10) + "hush-hush".repeat(3_000));

        assertThat(output.lastLine(PROFILE)).isEqualTo("no word of why");
    }

    @Property(tries = 150)
    void theEndIsKeptWhateverThePieces(@ForAll @Size(max = 12) List<@Size(max = 9_000) byte[]> pieces) {
        ToolOutput output = new ToolOutput();
        pieces.forEach(output::add);
        add(output, "\nthe end\n");

        assertThat(output.hasLine("the end")).isTrue();
        assertThat(output.lastLine(PROFILE)).isEqualTo("the end");
    }

    private static void add(ToolOutput output, String text) {
        output.add(text.getBytes(StandardCharsets.UTF_8));
    }
}
