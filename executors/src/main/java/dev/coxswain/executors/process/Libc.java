package dev.coxswain.executors.process;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The functions of the GNU C library that start a process and wait for many; 2.36 has all of them. Named as there. Those with
 * a variable number of arguments are declared with the ones we give: on 64-bit Linux both are passed alike.
 */
@SuppressWarnings("MemberName")
final class Libc {
    static final int EINTR = 4;
    static final int ENOEXEC = 8;
    static final int EAGAIN = 11;
    static final int EBUSY = 16;
    static final int ENOSYS = 38;
    static final int EOPNOTSUPP = 95;
    static final int WNOHANG = 1;
    static final int O_WRONLY = 1;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int F_SETFL = 4;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_MOD = 3;
    static final int EPOLLIN = 1;
    static final int EPOLLONESHOT = 1 << 30;
    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;
    static final short POSIX_SPAWN_SETSID = 0x80;
    static final short POSIX_SPAWN_SETCGROUP = 0x100;
    /** More than the opaque types of {@code spawn.h} (80 and 336 bytes) and {@code sigset_t} (128) take. */
    static final int OPAQUE_BYTES = 512;

    private static final Logger log = LoggerFactory.getLogger(Libc.class);

    /** Whether this host has all of them. */
    static final boolean PRESENT = registered();

    private Libc() {}

    private static boolean registered() {
        if (!System.getProperty("os.name", "").equals("Linux") || Native.POINTER_SIZE != Long.BYTES) {
            return false;
        }
        try {
            Native.register(Libc.class, "c");
            return true;
        } catch (UnsatisfiedLinkError e) {
            log.debug("this C library has not all that we want: {}", e.toString());
            return false;
        }
    }

    static native int posix_spawn(Pointer pid, Pointer file, Pointer actions, Pointer attributes, Pointer argv,
            Pointer environment);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_addopen(Pointer actions, int fd, Pointer file, int flags, int mode);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int fd, int newFd);

    static native int posix_spawn_file_actions_addchdir_np(Pointer actions, Pointer folder);

    static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

    static native int sigemptyset(Pointer set);

    static native int sigfillset(Pointer set);

    static native int pipe2(Pointer ends, int flags);

    static native int open(Pointer file, int flags);

    static native int fcntl(int fd, int command, int argument);

    static native int close(int fd);

    static native long read(int fd, Pointer to, long bytes);

    static native long write(int fd, Pointer from, long bytes);

    static native int waitpid(int pid, Pointer status, int options);

    static native int pidfd_open(int pid, int flags);

    static native int eventfd(int value, int flags);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, Pointer event);

    static native int epoll_wait(int epoll, Pointer events, int most, int millis);

    static native @Nullable String strerror(int error);
}
