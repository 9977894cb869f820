package dev.coxswain.supervisor.coderunner.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ArchiveTest {
    @TempDir
    Path dir;

    private Path write(byte[] zip) {
        try {
            return Files.write(dir.resolve("in.zip"), zip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path unpack(byte[] zip, ArchiveLimits limits) throws IOException, ArchiveException {
        Path out = Files.createTempDirectory(dir, "out");
        new Archive(write(zip), limits).unpackInto(out);
        return out;
    }

    private Path unpack(byte[] zip) throws IOException, ArchiveException {
        return unpack(zip, ArchiveLimits.DEFAULT);
    }

    private void refused(byte[] zip, String... words) {
        assertThatThrownBy(() -> unpack(zip)).isInstanceOf(ArchiveException.class)
                .satisfies(e -> assertThat(Arrays.asList(words))
                        .allSatisfy(word -> assertThat(e).hasMessageContaining(word)));
        assertThat(dir.resolve("escaped")).doesNotExist();
    }

    private static byte[] zip(Entry... entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (Entry entry : entries) {
                ZipArchiveEntry raw = new ZipArchiveEntry(entry.name);
                if (entry.mode != 0) {
                    raw.setUnixMode(entry.mode);
                }
                zip.putArchiveEntry(raw);
                zip.write(entry.content);
                zip.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** As a Windows program writes it; the other writer would put it right. */
    private static byte[] windows(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write('x');
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(String name, byte[] content, int mode) {
        Entry(String name, String content) {
            this(name, content.getBytes(StandardCharsets.UTF_8), 0);
        }
    }

    @Test
    void filesComeOutAsTheyWentIn() throws Exception {
        Path out = unpack(zip(new Entry("index.js", "1"), new Entry("a/b/c.txt", "grüße"), new Entry("e/", ""),
                new Entry("run.sh", "#!/bin/sh".getBytes(StandardCharsets.UTF_8), 0100755)));

        assertThat(out.resolve("index.js")).hasContent("1");
        assertThat(out.resolve("a/b/c.txt")).hasContent("grüße");
        assertThat(out.resolve("e")).isDirectory();
        assertThat(Files.isExecutable(out.resolve("run.sh"))).isTrue();
    }

    @Test
    void aSingleFolderIsLookedThrough() throws Exception {
        Path out = unpack(zip(new Entry("app/", ""), new Entry("app/index.js", "1"), new Entry("app/lib/x.js", "2"),
                new Entry("__MACOSX/app/._index.js", "junk"), new Entry("app/.DS_Store", "junk")));

        assertThat(out.resolve("index.js")).hasContent("1");
        assertThat(out.resolve("lib/x.js")).hasContent("2");
        assertThat(out.resolve(".DS_Store")).doesNotExist();
        assertThat(out.resolve("__MACOSX")).doesNotExist();
    }

    @Test
    void trap10backslashesAreRefusedAndMacLitterIsSkipped() throws Exception {
        refused(windows("..\\escaped"), "backslash");
        refused(windows("a\\b.js"), "backslash");
        refused(windows("C:\\escaped"), "backslash");
        assertThat(unpack(zip(new Entry("index.js", "1"), new Entry("__MACOSX/._index.js", "junk"))))
                .isDirectoryNotContaining(
                        path -> path.getFileName().toString().equals("__MACOSX"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../escaped", "a/../../escaped", "/escaped", "a//b", "./a", "a/./b", "C:/escaped", "c:x",
            "..", "a/..", "a\u0000b", "a\nb"})
    void namesThatLeaveTheFolderAreRefused(String name) {
        refused(zip(new Entry("index.js", "1"), new Entry(name, "x")), "entry");
    }

    @Test
    void linksAndDevicesAreRefused() {
        refused(zip(new Entry("link", "/etc/passwd".getBytes(StandardCharsets.UTF_8), 0120777)), "symbolic link");
        refused(zip(new Entry("dev", new byte[0], 0020666)), "neither a file nor a folder");
        refused(zip(new Entry("pipe", new byte[0], 0010666)), "neither a file nor a folder");
    }

    @Test
    void namesThatAreEqualWithoutCaseAreRefused() {
        refused(zip(new Entry("Index.js", "1"), new Entry("index.js", "2")), "twice");
        refused(zip(new Entry("a", "1"), new Entry("a/b", "2")), "file and for a folder");
        refused(zip(new Entry("a/b", "2"), new Entry("a", "1")), "file and for a folder");
        refused(zip(new Entry("\u00e9.js", "1"), new Entry("e\u0301.js", "2")), "twice");
    }

    @Test
    void anEmptyOneAndOneOfFoldersAreRefused() {
        refused(zip(), "no files");
        refused(zip(new Entry("a/", "")), "no files");
        refused(zip(new Entry("__MACOSX/x", "1")), "no files");
        refused("PK\u0003\u0004 and nothing more".getBytes(StandardCharsets.ISO_8859_1), "not a ZIP");
    }

    @Test
    void namesThatAreNotUtf8AreRefused() {
        byte[] zip = zip(new Entry("index.js", "1"), new Entry("n\u00e4me.js", "2"));
        for (int i = 0; i + 1 < zip.length; i++) {
            if (zip[i] == (byte) 0xC3 && zip[i + 1] == (byte) 0xA4) {
                zip[i] = (byte) 0xFF;
            }
        }
        refused(zip);
    }

    @Test
    void trap11aBombIsCountedByItsRealBytes() {
        byte[] zeros = new byte[3 << 20];
        byte[] bomb = zip(new Entry("index.js", "1"), new Entry("zeros", zeros, 0));

        assertThatThrownBy(() -> unpack(bomb)).isInstanceOf(ArchiveException.class)
                .hasMessageContaining("200 times");
        assertThatThrownBy(() -> unpack(bomb, new ArchiveLimits(10, 1 << 20, Integer.MAX_VALUE)))
                .isInstanceOf(ArchiveException.class);
    }

    @Test
    void trap11headersThatLieChangeNothing() {
        byte[] bomb = zip(new Entry("index.js", "1"), new Entry("zeros", new byte[3 << 20], 0));
        // both headers claim one byte: the directory's at its offset 24, the entry's own in its data descriptor
        byte[] lie = bomb.clone();
        for (int i = 0; i + 46 < lie.length; i++) {
            if (lie[i] == 'P' && lie[i + 1] == 'K' && lie[i + 2] == 1 && lie[i + 3] == 2) {
                lie[i + 24] = 1;
                lie[i + 25] = 0;
                lie[i + 26] = 0;
                lie[i + 27] = 0;
            }
        }
        refused(lie);
    }

    @Test
    void tooManyEntriesAreRefused() {
        Entry[] many = new Entry[11];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Entry("f" + i, "x");
        }
        assertThatThrownBy(() -> unpack(zip(many), new ArchiveLimits(10, 1 << 20, 200)))
                .isInstanceOf(ArchiveException.class).hasMessageContaining("11 entries");
    }

    @Test
    void anEncryptedOrDamagedOneIsRefused() {
        byte[] good = zip(new Entry("index.js", "some content that is long enough"));
        byte[] encrypted = good.clone();
        byte[] damaged = good.clone();
        for (int i = 0; i + 46 < good.length; i++) {
            if (good[i] == 'P' && good[i + 1] == 'K' && good[i + 2] == 1 && good[i + 3] == 2) {
                encrypted[i + 8] |= 1;
                damaged[i + 16] ^= 1;
            }
        }
        encrypted[6] |= 1;
        refused(encrypted, "encrypted");
        refused(damaged, "damaged");
        refused(Arrays.copyOf(good, good.length - 10));
    }

    /** Whatever the bytes are: files inside, or a message for the owner. */
    @Property(tries = 150)
    void bytesOfAnyKindEndInFilesOrAMessage(@ForAll @Size(max = 40) byte[] noise,
            @ForAll @IntRange(min = 0, max = 150) int at) throws IOException {
        Path folder = Files.createTempDirectory("archive");
        try {
            byte[] zip = zip(new Entry("index.js", "1"), new Entry("lib/a.js", "content"));
            System.arraycopy(noise, 0, zip, Math.min(at, zip.length - noise.length),
                    Math.min(noise.length, zip.length - Math.min(at, zip.length - noise.length)));
            Path file = Files.write(folder.resolve("in.zip"), zip);
            Path out = Files.createDirectories(folder.resolve("out"));
            try {
                new Archive(file, ArchiveLimits.DEFAULT).unpackInto(out);
            } catch (ArchiveException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            }
        }
    }
}
