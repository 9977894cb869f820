package dev.coxswain.executors.container;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;

/** What our shell program says first, up to a NUL, before anything of a command's is written to the same stream. */
final class Header {
    private static final int LONGEST = 64;

    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private @Nullable String word;

    /** Null until all of it has come. */
    @Nullable
    String word() {
        return word;
    }

    /** Takes what came; returns what of it is no header. */
    byte[] rest(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        begun.write(bytes, 0, end);
        if (begun.size() > LONGEST) {
            throw new WorkspaceException("/bin/sh of the image does not answer as a POSIX shell does");
        }
        if (end == bytes.length) {
            return new byte[0];
        }
        word = begun.toString(StandardCharsets.UTF_8);
        return Arrays.copyOfRange(bytes, end + 1, bytes.length);
    }
}
