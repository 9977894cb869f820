package dev.coxswain.supervisor.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Sole use of a state folder, by an operating system lock on its file {@code lock}, which holds our process id. The lock
 * goes with the process, however it ends; the file stays. Blocks on the disk: for start and end of the process only.
 */
public final class StateLock implements AutoCloseable {
    private static final int LONGEST_PID = 20;

    /**
     * The folders that this JVM holds. Needed because the system's locks belong to the process: a second channel on the
     * same file would, when closed, give up the first one's lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private StateLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the lock of {@code dir}; makes the folder (0700) when it is missing.
     *
     * @throws JournalException when another coxswain holds it, or the folder can't be written
     */
    public static StateLock take(Path dir) {
        Path folder;
        try {
            StateFiles.folder(dir);
            folder = dir.toRealPath();
        } catch (IOException e) {
            throw new JournalException("cannot make the state folder " + dir + " (" + StateFiles.why(e)
                    + "): make it and give it to this user, or set supervisor.stateDir to another one", e);
        }
        if (!HELD.add(folder)) {
            throw inUse(dir, ProcessHandle.current().pid() + ", this one");
        }
        @Nullable
        FileChannel taken = null;
        try {
            taken = channel(folder);
            return new StateLock(folder, taken);
        } catch (IOException e) {
            throw new JournalException("cannot lock the state folder " + dir + " (" + StateFiles.why(e)
                    + "): make it writable for this user, or set supervisor.stateDir to another one", e);
        } finally {
            if (taken == null) {
                HELD.remove(folder);
            }
        }
    }

    private static FileChannel channel(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(StateFiles.PRIVATE));
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(folder, holder(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            locked = true;
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_PID);
        channel.read(bytes, 0);
        String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).strip();
        return pid.matches("\\d+") ? pid : "unknown";
    }

    private static JournalException inUse(Path dir, String pid) {
        return new JournalException("another coxswain (pid " + pid + ") uses the state folder " + dir
                + ": stop it first, or give this one its own supervisor.stateDir", null);
    }

    /** Gives the folder back. Safe to repeat. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new JournalException("cannot unlock the state folder " + folder, e);
        } finally {
            HELD.remove(folder);
        }
    }
}
