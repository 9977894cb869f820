package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.sun.jna.Memory;

/**
 * {@code posix_spawn} of the C library: session, folder, standard streams and the closing of everything else cost no program
 * of their own, nor does the control group from glibc 2.39 on. The child's signals are all unblocked and at their defaults.
 */
final class NativeSpawner implements Spawner {
    private static final Logger log = LoggerFactory.getLogger(NativeSpawner.class);

    private final Poller poller;
    private final boolean bornInGroup;
    private final Set<NativeChild> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private final Memory signals = new Memory(2L * Libc.OPAQUE_BYTES);

    private NativeSpawner(boolean bornInGroup) throws IOException {
        this.poller = new Poller();
        this.bornInGroup = bornInGroup;
        Libc.sigemptyset(signals);
        Libc.sigfillset(signals.share(Libc.OPAQUE_BYTES));
    }

    /** Null where the C library hasn't all it takes, or one of our own standard streams is closed: pipes would get its number. */
    static @Nullable Spawner ofHost() {
        boolean streams = IntStream.range(0, 3).allMatch(fd -> Files.exists(Path.of("/proc/self/fd/" + fd)));
        if (!Libc.PRESENT || !streams) {
            return null;
        }
        try {
            return new NativeSpawner(LibcCgroup.PRESENT);
        } catch (IOException e) {
            log.info("processes are started in the JDK's way: {}", e.toString());
            return null;
        }
    }

    @Override
    public Child spawn(Start start) throws IOException {
        if (closed) {
            throw new IOException("the executor is closed");
        }
        CgroupLeaf leaf = start.leaf();
        if (leaf != null && !bornInGroup) {
            return joined(start, leaf);
        }
        try {
            return spawn(start, start.file(), start.argv(), leaf);
        } catch (GroupRefusedException e) {
            if (leaf == null) {
                throw e;
            }
            return joined(start, leaf);
        } catch (NotExecutableException e) {
            // a script without a first line that names its shell: execvp runs it by sh, so do we
            List<String> argv = new ArrayList<>(List.of(ShellJoin.SHELL, start.file()));
            argv.addAll(start.argv().subList(1, start.argv().size()));
            return spawn(start, ShellJoin.SHELL, argv, leaf);
        }
    }

    private static final class NotExecutableException extends IOException {
        private static final long serialVersionUID = 1;

        NotExecutableException(String message) {
            super(message);
        }
    }

    /** The kernel, or a filter in front of it, makes no process in this group. */
    private static final class GroupRefusedException extends IOException {
        private static final long serialVersionUID = 1;

        GroupRefusedException(String message) {
            super(message);
        }
    }

    private Child joined(Start start, CgroupLeaf leaf) throws IOException {
        return spawn(start, ShellJoin.SHELL, ShellJoin.argv(start, leaf, start.argv()), null);
    }

    private Child spawn(Start start, String file, List<String> argv, @Nullable CgroupLeaf bornIn) throws IOException {
        List<Integer> ours = new ArrayList<>();
        List<Integer> theirs = new ArrayList<>();
        boolean begun = false;
        try (SpawnCall call = new SpawnCall(start, file, argv)) {
            pipe(ours, theirs);
            pipe(ours, theirs);
            int pid = spawn(call, bornIn != null, theirs);
            NativeChild child = child(pid, ours);
            begun = true;
            return child;
        } finally {
            theirs.forEach(Libc::close);
            if (!begun) {
                ours.forEach(Libc::close);
            }
        }
    }

    /** A pipe without waiting at our end; nobody but this child gets either of them. */
    private static void pipe(List<Integer> ours, List<Integer> theirs) throws IOException {
        try (Memory ends = new Memory(2L * Integer.BYTES)) {
            Poller.checked(Libc.pipe2(ends, Libc.O_CLOEXEC), "pipe2");
            ours.add(ends.getInt(0));
            theirs.add(ends.getInt(Integer.BYTES));
            Poller.checked(Libc.fcntl(ends.getInt(0), Libc.F_SETFL, Libc.O_NONBLOCK), "fcntl");
        }
    }

    private int spawn(SpawnCall call, boolean intoGroup, List<Integer> theirs) throws IOException {
        int group = -1;
        try (Memory attributes = new Memory(Libc.OPAQUE_BYTES)) {
            Libc.posix_spawnattr_init(attributes);
            int flags = Libc.POSIX_SPAWN_SETSID | Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSIGDEF;
            Libc.posix_spawnattr_setsigmask(attributes, signals);
            Libc.posix_spawnattr_setsigdefault(attributes, signals.share(Libc.OPAQUE_BYTES));
            if (intoGroup) {
                group = Poller.checked(Libc.open(call.leaf, Libc.O_CLOEXEC), "its control group can't be opened");
                LibcCgroup.posix_spawnattr_setcgroup_np(attributes, group);
                flags |= Libc.POSIX_SPAWN_SETCGROUP;
            }
            succeeded(Libc.posix_spawnattr_setflags(attributes, (short) flags));
            succeeded(Libc.posix_spawn_file_actions_init(call.actions));
            try {
                succeeded(Libc.posix_spawn_file_actions_addchdir_np(call.actions, call.directory));
                succeeded(Libc.posix_spawn_file_actions_addopen(call.actions, 0, call.devNull, 0, 0));
                succeeded(Libc.posix_spawn_file_actions_adddup2(call.actions, theirs.get(0), 1));
                succeeded(Libc.posix_spawn_file_actions_adddup2(call.actions, theirs.get(1), 2));
                succeeded(Libc.posix_spawn_file_actions_addclosefrom_np(call.actions, 3));
                succeeded(Libc.posix_spawn(call.pid, call.file, call.actions, attributes, call.argv,
                        call.environment));
                return call.pid.getInt(0);
            } finally {
                Libc.posix_spawn_file_actions_destroy(call.actions);
            }
        } finally {
            if (group >= 0) {
                Libc.close(group);
            }
        }
    }

    /** These functions return their error. */
    private static void succeeded(int error) throws IOException {
        if (error == Libc.ENOEXEC) {
            throw new NotExecutableException("no program this system can run");
        }
        if (error == Libc.EBUSY || error == Libc.ENOSYS || error == Libc.EOPNOTSUPP) {
            throw new GroupRefusedException(String.valueOf(Libc.strerror(error)));
        }
        if (error != 0) {
            throw new IOException(Libc.strerror(error));
        }
    }

    /** A process that nobody could wait for is not let run. */
    private NativeChild child(int pid, List<Integer> ours) throws IOException {
        int pidFd = -1;
        try {
            pidFd = Poller.checked(Libc.pidfd_open(pid, 0), "pidfd_open");
            NativeChild[] self = new NativeChild[1];
            NativeChild child = new NativeChild(poller, pid, pidFd, ours.get(0), ours.get(1),
                    () -> open.remove(self[0]));
            self[0] = child;
            open.add(child);
            child.begin();
            return child;
        } catch (IOException e) {
            Signals.send(-pid, Signals.KILL);
            try (Memory status = new Memory(Long.BYTES)) {
                Libc.waitpid(pid, status, 0);
            }
            if (pidFd >= 0) {
                Libc.close(pidFd);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(NativeChild::closePipes);
        poller.close();
    }
}
