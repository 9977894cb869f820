package dev.coxswain.executors.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;

/** What our shell programs say first, up to a NUL, before anything of a job's is written to the same stream. */
final class Header {
    /** A path has 4096 at most. */
    private static final int LONGEST = 8 << 10;

    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private @Nullable String text;

    /** Null until all of it has come. */
    @Nullable
    String text() {
        return text;
    }

    /** Takes what came; returns what of it is no header. */
    byte[] rest(byte[] bytes) {
        if (text != null) {
            return bytes;
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        begun.write(bytes, 0, end);
        if (begun.size() > LONGEST) {
            throw new WorkspaceException("the shell of the pod does not answer as a POSIX shell does");
        }
        if (end == bytes.length) {
            return new byte[0];
        }
        text = begun.toString(StandardCharsets.UTF_8);
        return Arrays.copyOfRange(bytes, end + 1, bytes.length);
    }
}
