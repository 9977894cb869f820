package dev.coxswain.executors.exec;

import dev.coxswain.executors.CommandEvent;

/** What comes back from an exec. */
public sealed interface ExecFrame {
    /**
     * What it wrote, at most 64 KiB.
     *
     * @param bytes not empty
     */
    record Output(CommandEvent.Stream stream, byte[] bytes) implements ExecFrame {}

    /** The last one: how it ended. */
    record Exit(int code) implements ExecFrame {}
}
