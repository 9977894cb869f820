package dev.coxswain.executors.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WorkspaceFilesTest {
    @TempDir
    Path outside;
    private Path root;
    private WorkspaceFiles files;

    @BeforeEach
    void makeFolder() throws IOException {
        root = Files.createDirectory(outside.resolve("job")).toRealPath();
        files = new WorkspaceFiles(root);
    }

    private List<String> listed(String folder) {
        List<String> found = new ArrayList<>();
        FolderWalk walk = files.walk(folder, 100);
        for (Workspace.Entry entry = walk.next(); entry != null; entry = walk.next()) {
            found.add(entry.path() + (entry.isFolder() ? "/" : "=" + entry.bytes()));
        }
        return found;
    }

    @Test
    void aListingHasFoldersBeforeTheirFilesFollowsNoLinkAndSkipsFoldersWithADot() throws IOException {
        files.write("src/b/two.txt", new byte[2]);
        files.write("src/a.txt", new byte[1]);
        files.write("src/.git/config", new byte[3]);
        files.write("src/.env", new byte[4]);
        files.write("other/not-here", new byte[5]);
        Files.createSymbolicLink(root.resolve("src/link"), outside);
        Files.createSymbolicLink(root.resolve("src/link.txt"), root.resolve("src/a.txt"));
        assertThat(listed("src")).containsExactly("src/.env=4", "src/a.txt=1", "src/b/", "src/b/two.txt=2");
        assertThat(listed("")).contains("other/", "other/not-here=5", "src/b/two.txt=2");
        assertThat(listed("missing")).isEmpty();
    }

    @Test
    void aListingStaysInTheWorkspaceAndIsBounded() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), outside);
        assertThatThrownBy(() -> files.walk("out", 100)).isInstanceOf(WorkspaceException.class);
        assertThatThrownBy(() -> files.walk("..", 100)).isInstanceOf(WorkspaceException.class);
        files.write("a", new byte[0]);
        files.write("b", new byte[0]);
        assertThatThrownBy(() -> files.walk("", 2)).isInstanceOf(WorkspaceException.class)
                .hasMessage("more than 2 files and folders lie in the workspace");
    }

    @Test
    void aWipedFileIsOverwrittenBeforeItIsRemoved() throws IOException {
        files.write("keys/store.p12", "keystore".getBytes(StandardCharsets.UTF_8));
        try (var open = Files.newByteChannel(root.resolve("keys/store.p12"))) {
            files.wipe("keys");
            assertThat(root.resolve("keys")).doesNotExist();
            ByteBuffer left = ByteBuffer.allocate(100);
            open.read(left);
            assertThat(left.flip().remaining()).isEqualTo(8);
            assertThat(left).isEqualTo(ByteBuffer.allocate(8));
        }
        files.wipe("keys");
    }

    @Test
    void wipingTouchesNothingOutsideAndNoFileThatHasAnotherName() throws IOException {
        Path other = Files.writeString(outside.resolve("other"), "somebody's");
        Files.createSymbolicLink(root.resolve("link"), other);
        Files.createLink(root.resolve("second-name"), other);
        files.wipe("link");
        files.wipe("second-name");
        assertThat(other).hasContent("somebody's");
        assertThat(root).isEmptyDirectory();
        Files.createSymbolicLink(root.resolve("folder"), outside);
        assertThatThrownBy(() -> files.wipe("folder/other")).isInstanceOf(WorkspaceException.class);
        assertThatThrownBy(() -> files.wipe("")).isInstanceOf(WorkspaceException.class);
        assertThat(other).exists();
    }

    @Test
    void aPlacedFileReplacesWhatIsThere() throws IOException {
        files.write("build/app.apk", new byte[1]);
        files.place("build/app.apk", Files.writeString(outside.resolve("signed"), "signed"));
        assertThat(root.resolve("build/app.apk")).hasContent("signed");
        assertThat(outside.resolve("signed")).doesNotExist();
    }
}
