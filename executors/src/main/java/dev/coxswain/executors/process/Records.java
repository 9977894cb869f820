package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.JobKeys;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.files.WorkspaceFiles;

/**
 * What a next life needs to find this one's processes: {@code <workDir>/.cox/<jobKey>}, one file for each workspace, one
 * line for each command. Nothing is synced: the page cache survives the death of this process, and a power cut ends the
 * commands as well. A folder without such a file was not made by us and is never removed. Blocks.
 */
final class Records {
    private static final Logger log = LoggerFactory.getLogger(Records.class);

    private final Path folder;

    Records(Path workDir) {
        folder = workDir.resolve(".cox");
    }

    /**
     * A command of a former life.
     *
     * @param start with the pid, the process for good; see {@link ProcTable.Stat#start()}
     * @param cgroup the folder of its control group, or null
     */
    record Entry(int pid, long start, @Nullable String cgroup) {}

    /** Where a command says that it could not join its control group. */
    Path unjoined(String commandId) {
        return folder.resolve("unjoined").resolve(commandId);
    }

    void make() throws IOException {
        for (Path missing : List.of(folder, folder.resolve("unjoined"))) {
            if (!Files.isDirectory(missing, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    Files.createDirectory(missing, WorkspaceFiles.PRIVATE_FOLDER);
                } catch (FileAlreadyExistsException e) {
                    log.trace("made by another thread: {}", missing);
                }
            }
        }
    }

    void begin(String jobKey) throws IOException {
        Files.createFile(folder.resolve(jobKey), WorkspaceFiles.PRIVATE_FILE);
    }

    void add(String jobKey, Entry entry) {
        String line = entry.pid() + " " + entry.start() + " " + (entry.cgroup() == null ? "-" : entry.cgroup()) + "\n";
        try {
            Files.writeString(folder.resolve(jobKey), line, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new WorkspaceException("cannot record the process of a command: " + e.getMessage(), e);
        }
    }

    void end(String jobKey) {
        try {
            Files.deleteIfExists(folder.resolve(jobKey));
        } catch (IOException e) {
            log.warn("the record of workspace {} can't be removed: {}", jobKey, e.toString());
        }
    }

    /** The workspaces that have a record. */
    List<String> jobKeys() throws IOException {
        List<String> keys = new ArrayList<>();
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder,
                    file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
                files.forEach(file -> keys.add(String.valueOf(file.getFileName())));
            }
        }
        return keys.stream().filter(JobKeys::isSafe).toList();
    }

    /** The commands of a workspace; a line that a crash cut off is left out (its process still carries the marker). */
    List<Entry> entries(String jobKey) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String line : Files.readString(folder.resolve(jobKey), StandardCharsets.UTF_8).split("\n", -1)) {
            String[] fields = line.split(" ", 3);
            if (fields.length == 3 && fields[0].matches("\\d{1,9}") && fields[1].matches("\\d{1,18}")) {
                entries.add(new Entry(Integer.parseInt(fields[0]), Long.parseLong(fields[1]),
                        fields[2].equals("-") ? null : fields[2]));
            }
        }
        return entries;
    }
}
