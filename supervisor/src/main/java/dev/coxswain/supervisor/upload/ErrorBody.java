package dev.coxswain.supervisor.upload;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The beginning of an answer's body, and the code that S3-like stores put into it. Used by one thread at a time. */
final class ErrorBody {
    private static final int MOST = 64 << 10;
    private static final Pattern CODE = Pattern.compile("<Code>\\s*([A-Za-z0-9._-]{1,64})\\s*</Code>");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Takes more in; false when that is enough. */
    boolean take(byte[] more) {
        bytes.write(more, 0, Math.min(more.length, MOST - bytes.size()));
        return bytes.size() < MOST;
    }

    /** The XML code; null when there is none. Nothing else of the body is fit to be shown. */
    @Nullable
    String code() {
        Matcher code = CODE.matcher(bytes.toString(StandardCharsets.UTF_8));
        return code.find() ? code.group(1) : null;
    }

    /** A size in a header; -1 when it is absent or nonsense. */
    static long size(@Nullable String header) {
        return header != null && header.matches("\\d{1,18}") ? Long.parseLong(header) : -1;
    }
}
