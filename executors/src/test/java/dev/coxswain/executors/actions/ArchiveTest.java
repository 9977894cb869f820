package dev.coxswain.executors.actions;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Several files as one, in a real folder. */
class ArchiveTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    ActionsHost host;

    @SuppressWarnings("NullAway.Init")
    Workspace workspace;

    @BeforeEach
    void open() {
        host = new ActionsHost(folder);
        workspace = host.open();
        write("work/a", "one");
        write("work/sub/ü b", "two");
    }

    @AfterEach
    void close() {
        workspace.close().block(ActionsHost.PATIENCE);
        host.close();
    }

    private void write(String path, String text) {
        workspace.write(path, text.getBytes(StandardCharsets.UTF_8)).block(ActionsHost.PATIENCE);
    }

    private byte[] archive(String name) {
        List<Archive.Item> items = List.of(new Archive.Item("work/a", "a"),
                new Archive.Item("work/sub/ü b", "sub/ü b"));
        new Archive(workspace, Schedulers.boundedElastic()).make(items, name).block(ActionsHost.PATIENCE);
        try {
            return Files.readAllBytes(Path.of(workspace.pathOf(name)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> entries(byte[] archive) {
        List<String> entries = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.add(entry.getName() + "=" + new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return entries;
    }

    @Test
    void theSameFilesMakeTheSameBytesWhateverTheirTimes() throws IOException {
        byte[] first = archive("artifacts/1/all.zip");
        Files.setLastModifiedTime(Path.of(workspace.pathOf("work/a")), FileTime.fromMillis(0));

        assertThat(archive("artifacts/2/all.zip")).isEqualTo(first);
        assertThat(entries(first)).containsExactly("a=one", "sub/ü b=two");
        assertThat(Path.of(workspace.pathOf("artifacts/1"))).isDirectoryContaining("glob:**all.zip")
                .isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void aFileThatIsALinkToElsewhereIsRefused() throws IOException {
        Files.delete(Path.of(workspace.pathOf("work/a")));
        Files.createSymbolicLink(Path.of(workspace.pathOf("work/a")), Path.of("/etc/hostname"));

        assertThatThrownBy(() -> archive("artifacts/1/all.zip")).isInstanceOf(WorkspaceException.class)
                .hasMessageContaining("leaves the workspace");
    }
}
