package dev.coxswain.executors;

import java.nio.file.Path;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The place of one job: a private folder and the processes that were started in it. All paths are relative to the folder,
 * with {@code /}; a path that leaves it (also through a symbolic link) fails with a {@link WorkspaceException}.
 */
public interface Workspace {
    /** Entries of one listing at most. */
    int MOST_ENTRIES = 1_000_000;

    /** The absolute path of {@code relative} as the commands see it; {@code ""} is the workspace itself. */
    String pathOf(String relative);

    /**
     * Runs one command. Cold: the process starts on subscription. Emits {@link CommandEvent.Started}, the output as it is
     * demanded (with no demand nothing is read, and the process waits), and at last {@link CommandEvent.Exited}; a command
     * that can't be started is a {@link WorkspaceException}. The exit is emitted after everything the command started is
     * dead. A timeout stops it like {@link Stop#TERM} and ends with {@link CommandEvent.Exited#timedOut()}. Cancelling
     * kills the whole tree at once; {@link #close()} waits for that.
     */
    Flux<CommandEvent> run(Command command);

    /** Writes a file (0600), making its folders; replaces what is there. */
    Mono<Void> write(String relative, byte[] content);

    /**
     * Makes a folder (0700) with those above it; one that is there stays as it is, and a
     * file in its place is a {@link WorkspaceException}. An executor that can only keep files puts
     * an empty one named {@code .coxswain} into it.
     */
    default Mono<Void> folder(String relative) {
        return write(relative + "/.coxswain", new byte[0]);
    }

    /**
     * Reads a whole file. Empty when there is none; a {@link WorkspaceException} when it is longer than
     * {@code maxBytes} or no regular file.
     */
    Mono<byte[]> read(String relative, int maxBytes);

    /**
     * A local regular file with the content of {@code relative}, for streaming from disk; valid until {@link #close()}.
     * Empty when there is none; a {@link WorkspaceException} when it is no regular file or lies outside.
     */
    Mono<Path> localFile(String relative);

    /**
     * What lies below a folder: regular files and folders, each folder before what is in it, in the order of their names.
     * Follows no link, and does not look into folders whose name begins with a dot. Nothing when there is no such folder; a
     * {@link WorkspaceException} when there are more than {@value #MOST_ENTRIES} entries.
     */
    Flux<Entry> list(String folder);

    /** Puts a local file into the workspace, moving or copying it; replaces what is there. */
    Mono<Void> place(String relative, Path local);

    /**
     * Removes a file, or a folder with all that is in it, overwriting the content of files before. Completes when there is
     * none; a {@link WorkspaceException} when something is left. Cancelling does not stop it.
     */
    Mono<Void> wipe(String relative);

    /**
     * Stops every command of this workspace; completes when all their processes are dead, whatever became of them. Safe
     * to repeat; a {@link Stop#KILL} overtakes a {@link Stop#TERM} in progress. Cancelling does not take it back.
     */
    Mono<Void> stop(Stop how);

    /**
     * What the commands of this workspace, and all that they started, are and hold right now. Empty where the executor can't
     * tell. Costs a look at the host's processes: not for every output.
     */
    default Mono<Usage> usage() {
        return Mono.empty();
    }

    /** Kills what still runs and removes the folder. Safe to repeat. Never fails: what could not be removed is logged. */
    Mono<Void> close();

    /** How commands are stopped (design section 11, "How a job is stopped"). */
    enum Stop {
        /** Politely: TERM to everything, after the command's grace (10 s) KILL. For cancel, timeout and drain. */
        TERM,
        /** At once: KILL to everything; all dead within 3 s. For a lost lease. */
        KILL
    }

    /**
     * What runs in a workspace.
     *
     * @param processes that are alive
     * @param memoryBytes that they hold and share with no file
     */
    record Usage(int processes, long memoryBytes) {
        /** Of nothing. */
        public static final Usage NONE = new Usage(0, 0);

        /** Of both. */
        public Usage plus(Usage other) {
            return new Usage(processes + other.processes, memoryBytes + other.memoryBytes);
        }
    }

    /**
     * Something that lies in the workspace.
     *
     * @param path relative to the workspace
     * @param bytes length of a file; 0 for a folder
     */
    record Entry(String path, boolean isFolder, long bytes) {}
}
