package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.journal.SqliteJournal;
import reactor.core.scheduler.Schedulers;

/** The files of one supervisor as a user would have them, and what is left in them afterwards. */
final class SupervisorFolder {
    private static final Duration DISK = Duration.ofSeconds(60);

    private final Path folder;
    private final Path work;

    /** @param folder its own, empty */
    SupervisorFolder(Path folder) {
        this(folder, folder.resolve("work"));
    }

    /** @param work where the workspaces shall be */
    SupervisorFolder(Path folder, Path work) {
        try {
            this.folder = folder.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.work = work.isAbsolute() && work.startsWith(folder) ? this.folder.resolve(folder.relativize(work)) : work;
    }

    /**
     * Writes the configuration, the credentials and the program of all jobs.
     *
     * @param supervisor more lines for the section of this name
     * @param workload more keys of the workload, as {@code , key: value}
     */
    Path write(URI studio, List<String> tokens, int slots, String supervisor, String script, String workload) {
        try {
            Path credentials = Files.write(folder.resolve("tokens"), tokens);
            Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
            Path program = Files.writeString(folder.resolve("job"), "#!/bin/sh\n" + script);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            return Files.writeString(config(), """
                    supervisor:
                      name: end-to-end
                      stateDir: ./state
                      workDir: "%s"
                      admin: { listen: 127.0.0.1:0 }
                      metrics: { listen: 127.0.0.1:0 }
                    %s
                    slots: { total: %d }
                    controlPlanes:
                      shorts: { protocol: xenonflare-studio, url: "%s", requestsPerSecond: 200, poll: { min: 100ms, max: 1s } }
                    pools:
                      - name: shorts
                        controlPlane: shorts
                        credentials: { file: ./tokens }
                        workload: { kind: pipeline, command: [ ./job ]%s }
                    """
                    .formatted(work, supervisor.indent(2).stripTrailing(), slots, studio, workload));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path folder() {
        return folder;
    }

    Path config() {
        return folder.resolve("fleet.yaml");
    }

    Path state() {
        return folder.resolve("state");
    }

    /** Where its JVMs put temporary files. */
    Path temporary() {
        try {
            return Files.createDirectories(folder.resolve("tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path work() {
        return work;
    }

    /** Workspaces that are still there. */
    List<Path> workspacesLeft() {
        try (Stream<Path> left = Files.list(work)) {
            return left.filter(Files::isDirectory).filter(path -> !path.getFileName().toString().startsWith("."))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Processes whose environment names a workspace of this supervisor. */
    List<Long> processesLeft() {
        String marker = "COX_WORKSPACE=" + work;
        return ProcessHandle.allProcesses().map(ProcessHandle::pid).filter(pid -> environment(pid).contains(marker))
                .toList();
    }

    private static String environment(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // it ended meanwhile, or belongs to somebody else: not ours either way
            return "";
        }
    }

    /** What the journal says is not settled; only while no supervisor runs. */
    List<Journal.OpenLease> openLeases() {
        SqliteJournal journal = Objects.requireNonNull(SqliteJournal
                .open(state().resolve("journal.db"), FleetClock.system(), Schedulers.parallel(), took -> {})
                .block(DISK));
        try {
            return Objects.requireNonNull(journal.open().block(DISK));
        } finally {
            journal.close().block(DISK);
        }
    }
}
