package dev.coxswain.executors.process;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** A process that is born in its control group: glibc 2.39 and newer. */
@SuppressWarnings("MemberName")
final class LibcCgroup {
    /** Whether this host has it. */
    static final boolean PRESENT = registered();

    private LibcCgroup() {}

    private static boolean registered() {
        try {
            Native.register(LibcCgroup.class, "c");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    static native int posix_spawnattr_setcgroup_np(Pointer attributes, int folder);
}
