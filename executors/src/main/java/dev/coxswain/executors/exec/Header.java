package dev.coxswain.executors.exec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;

/** What our shell programs say first, up to a NUL, before anything of a job's is written to the same stream. */
public final class Header {
    /** A path has 4096 at most. */
    private static final int LONGEST = 8 << 10;

    private final String whose;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private @Nullable String text;

    /** @param whose the shell is, for an error: {@code the pod} */
    public Header(String whose) {
        this.whose = whose;
    }

    /** Null until all of it has come. */
    @Nullable
    public String text() {
        return text;
    }

    /** Takes what came; returns what of it is no header. Fails with a {@link WorkspaceException} when it is too long for one. */
    public byte[] rest(byte[] bytes) {
        if (text != null) {
            return bytes;
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        begun.write(bytes, 0, end);
        if (begun.size() > LONGEST) {
            throw noShell(whose);
        }
        if (end == bytes.length) {
            return new byte[0];
        }
        text = begun.toString(StandardCharsets.UTF_8);
        return Arrays.copyOfRange(bytes, end + 1, bytes.length);
    }

    static WorkspaceException noShell(String whose) {
        return new WorkspaceException("the shell of " + whose + " does not answer as a POSIX shell does");
    }
}
