package dev.coxswain.supervisor.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Another process' lock is met in {@link JournalCrashTest}. */
class StateLockTest {
    @TempDir
    Path folder;

    @Test
    void theFolderIsMadeAndTheFileHoldsOurPid() throws Exception {
        Path state = folder.resolve("a/b");
        try (StateLock lock = StateLock.take(state)) {
            assertThat(state.resolve("lock")).hasContent(Long.toString(ProcessHandle.current().pid()));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("lock"))))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state))).isEqualTo("rwx------");
        }
    }

    @Test
    void theSameFolderIsRefusedUnderEveryNameUntilItIsGivenBack() throws Exception {
        Path other = Files.createSymbolicLink(folder.resolve("other"), Files.createDirectory(folder.resolve("real")));
        StateLock first = StateLock.take(folder.resolve("real"));

        assertThatThrownBy(() -> StateLock.take(other)).isInstanceOf(JournalException.class)
                .hasMessageContaining("another coxswain (pid " + ProcessHandle.current().pid());

        first.close();
        first.close();
        StateLock.take(other).close();
    }
}
