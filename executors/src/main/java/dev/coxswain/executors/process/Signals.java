package dev.coxswain.executors.process;

import org.jspecify.annotations.Nullable;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** Signals to processes and process groups, straight through the C library: no {@code kill} program is started. */
final class Signals {
    static final int KILL = 9;
    static final int TERM = 15;
    static final int CONT = 18;
    private static final int WNOHANG = 1;

    static {
        Native.register(Signals.class, "c");
    }

    private Signals() {}

    private static native int kill(int pid, int signal);

    private static native int waitpid(int pid, @Nullable Pointer status, int options);

    /** Whether the signal was delivered; false when there is no such process (group) or it isn't ours to signal. */
    static boolean send(int pidOrMinusGroup, int signal) {
        // 0, -1 and 1 would hit our own group, everybody, or init: no command has such an id
        if (pidOrMinusGroup == 0 || pidOrMinusGroup == -1 || pidOrMinusGroup == 1) {
            return false;
        }
        return kill(pidOrMinusGroup, signal) == 0;
    }

    /** Takes a dead child of ours off the process table; matters only where this JVM is process 1 and orphans come to it. */
    static void bury(int pid) {
        waitpid(pid, null, WNOHANG);
    }
}
