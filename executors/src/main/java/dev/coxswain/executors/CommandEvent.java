package dev.coxswain.executors;

/** What one command does, in order: started, output, exited. */
public sealed interface CommandEvent {
    /**
     * The process runs.
     *
     * @param pid its process id (0 where there is none of this host)
     */
    record Started(long pid) implements CommandEvent {}

    /**
     * Bytes as the command wrote them, at most 64 KiB, owned by the receiver.
     *
     * @param stream which of the two
     * @param bytes the bytes; not empty
     */
    record Output(Stream stream, byte[] bytes) implements CommandEvent {}

    /**
     * The last event: the command and everything it started is dead.
     *
     * @param code exit code; 128 + signal number when a signal ended it
     * @param timedOut whether our time limit ended it
     * @param outOfMemory whether something of it was killed because all of it held more memory than it may
     */
    record Exited(int code, boolean timedOut, boolean outOfMemory) implements CommandEvent {
        /** What to say of {@link #outOfMemory()}. */
        public static final String TOO_LARGE = "it was killed, since it held more memory than limits.memory of its executor";

        /** An end that has nothing to do with memory. */
        public Exited(int code, boolean timedOut) {
            this(code, timedOut, false);
        }
    }

    /** The two output streams of a command. */
    enum Stream {
        /** standard output */
        STDOUT,
        /** standard error */
        STDERR
    }
}
