package dev.coxswain.executors.signing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.WorkspaceException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A copy without signatures is the same archive in everything else, and a damaged one is an error. */
class OldSignaturesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void onlySignaturesAreLeftOut() throws IOException {
        byte[] zip = Keys.zip("lib/x86/a.so", "META-INF/MANIFEST.MF", "META-INF/CERT.SF", "meta-inf/cert.rsa",
                "META-INF/services/x.SF", "META-INF/com.example", "classes.dex", "META-INF/SIG-1",
                "base/META-INF/A.SF");

        Path copy = strip(zip);

        assertThat(contents(copy)).containsExactlyEntriesOf(contents(write("zip", Keys.zip("lib/x86/a.so",
                "META-INF/services/x.SF", "META-INF/com.example", "classes.dex", "base/META-INF/A.SF"))));
        try (ZipFile stripped = new ZipFile(copy.toFile())) {
            assertThat(stripped.getEntry("lib/x86/a.so").getMethod()).isEqualTo(ZipEntry.STORED);
            assertThat(stripped.getEntry("classes.dex").getMethod()).isEqualTo(ZipEntry.DEFLATED);
        }
    }

    @Test
    void whatLiesBetweenTheEntriesIsLeftOut() throws IOException {
        byte[] zip = Keys.zip("a", "b");
        byte[] block = "APK Sig Block 42".getBytes(StandardCharsets.UTF_8);
        ByteBuffer end = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int directory = end.getInt(zip.length - 22 + 16);
        ByteBuffer signed = ByteBuffer.allocate(zip.length + block.length).order(ByteOrder.LITTLE_ENDIAN)
                .put(zip, 0, directory).put(block).put(zip, directory, zip.length - directory);
        signed.putInt(signed.capacity() - 22 + 16, directory + block.length);

        Path copy = strip(signed.array());

        assertThat(Files.readString(copy, StandardCharsets.ISO_8859_1)).doesNotContain("APK Sig Block");
        assertThat(contents(copy)).containsOnlyKeys("a", "b");
    }

    @Test
    void moreEntriesThanTheOldFormHasStayAll() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(0);
            for (int i = 0; i < 66_000; i++) {
                zip.putNextEntry(new ZipEntry("e" + i));
            }
            zip.putNextEntry(new ZipEntry("META-INF/A.SF"));
        }

        try (ZipFile stripped = new ZipFile(strip(bytes.toByteArray()).toFile())) {
            assertThat(stripped.size()).isEqualTo(66_000);
            assertThat(stripped.getEntry("e65999")).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"16,40,overlap", "16,99999,not where it says", "10,7,as many entries", "12,1,as many entries"})
    void aDirectoryThatLiesIsAnError(int field, int value, String problem) throws IOException {
        byte[] zip = Keys.zip("a".repeat(100), "b".repeat(100));
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        if (problem.equals("overlap")) {
            int directory = bytes.getInt(zip.length - 22 + 16);
            bytes.putInt(directory + 20, zip.length);
        } else {
            bytes.putInt(zip.length - 22 + field, value);
        }

        assertThatThrownBy(() -> strip(zip)).isInstanceOf(WorkspaceException.class)
                .hasMessageStartingWith("it can't be signed: ").hasMessageContaining(problem);
    }

    @Property(tries = 150)
    void everythingElseStaysAsItWas(@ForAll @Size(max = 8) List<@IntRange(max = 70_000) Integer> lengths)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Map<String, String> kept = new LinkedHashMap<>();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setComment("a comment of its own");
            for (int length : lengths) {
                String name = kept.size() + "ä/" + length;
                String content = (name + " ").repeat(length / (name.length() + 1));
                zip.putNextEntry(new ZipEntry("META-INF/" + kept.size() + ".SF"));
                zip.write(7);
                zip.putNextEntry(new ZipEntry(name));
                zip.write(content.getBytes(StandardCharsets.UTF_8));
                kept.put(name, content);
            }
        }
        Path from = Files.createTempFile("cox", ".zip");
        Path to = Files.createTempFile("cox", ".zip");
        try {
            Files.write(from, bytes.toByteArray());
            assertThat(strip(from, to)).isEqualTo(lengths.size());
            assertThat(Files.size(to)).isLessThanOrEqualTo(Files.size(from));
            assertThat(new ArrayList<>(contents(to).entrySet())).isEqualTo(new ArrayList<>(kept.entrySet()));
        } finally {
            Files.delete(from);
            Files.delete(to);
        }
    }

    @Property(tries = 150)
    void damageIsAnErrorOfTheFileAndNothingElse(@ForAll @IntRange(max = 500) int at, @ForAll byte value,
            @ForAll @IntRange(max = 500) int length) throws IOException {
        byte[] zip = Keys.zip("a".repeat(50), "META-INF/A.SF", "b".repeat(50));
        byte[] damaged = Arrays.copyOf(zip, length == 0 ? zip.length : Math.min(zip.length, length));
        damaged[at % damaged.length] = value;
        Path from = Files.createTempFile("cox", ".zip");
        Path to = Files.createTempFile("cox", ".zip");
        try {
            Files.write(from, damaged);
            strip(from, to);
        } catch (WorkspaceException e) {
            assertThat(e).hasMessageStartingWith("it can't be signed: ");
        } finally {
            Files.delete(from);
            Files.delete(to);
        }
    }

    private Path strip(byte[] zip) throws IOException {
        Path to = folder.resolve("stripped");
        strip(write("zip", zip), to);
        return to;
    }

    private static int strip(Path zip, Path to) throws IOException {
        try (FileChannel from = FileChannel.open(zip);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            return OldSignatures.strip(from, out);
        }
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    /** Names and contents, in the order of the directory. */
    private static Map<String, String> contents(Path zip) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : file.stream().toList()) {
                contents.put(entry.getName(),
                        new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return contents;
    }
}
