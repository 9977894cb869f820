package dev.coxswain.executors.exec;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** What containers and pods of ours are called, and by what a next life tells its own from what was left. */
public final class OwnNames {
    /** Of this process: whatever has another one is left from a former life. */
    public static final String THIS_LIFE = digest(UUID.randomUUID().toString());

    private static final int READABLE = 30;

    private OwnNames() {}

    /**
     * The same for the same job of the same supervisor, and for no other.
     *
     * @param supervisor see {@link SupervisorId}
     * @param readable of the job's key, in the letters that a name may have; the first 30 are shown
     */
    public static String of(String supervisor, String jobKey, String readable) {
        return "cox-" + readable.substring(0, Math.min(READABLE, readable.length())).replaceAll("^-|-$", "") + "-"
                + digest(supervisor + "/" + jobKey);
    }

    /** 16 hexadecimal digits. */
    public static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
