package dev.coxswain.supervisor.controlplane;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A text that must never be printed: its {@code toString} hides it, so that a record or a log line can't leak it. */
public final class Secret {
    private final String value;

    public Secret(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a secret must not be empty");
        }
        this.value = value;
    }

    /** The text itself; call it only where it is sent or compared. */
    public String reveal() {
        return value;
    }

    /** A short name for the secret that does not give it away: 8 hex digits of its SHA-256. */
    public String fingerprint() {
        return fingerprint(4);
    }

    /** The same with more digits, for the rare case that two secrets share the short one; {@code bytes} up to 32. */
    public String fingerprint(int bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(value.getBytes(StandardCharsets.UTF_8),
                that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
