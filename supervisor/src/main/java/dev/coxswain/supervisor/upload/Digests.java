package dev.coxswain.supervisor.upload;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;

/** The digests of one file, fed in order with its bytes; used by one thread at a time. */
final class Digests {
    private final Map<DigestKind, MessageDigest> messages = new EnumMap<>(DigestKind.class);
    private final boolean crc;
    private final CRC32C crc32c = new CRC32C();

    Digests(Set<DigestKind> kinds) {
        crc = kinds.contains(DigestKind.CRC32C);
        for (DigestKind kind : kinds) {
            switch (kind) {
                case SHA256 -> messages.put(kind, jdk("SHA-256"));
                case MD5 -> messages.put(kind, jdk("MD5"));
                case CRC32C -> {
                    // no MessageDigest; see crc
                }
            }
        }
    }

    /** Takes the remaining bytes in; the buffer's position stays. */
    void update(ByteBuffer bytes) {
        messages.values().forEach(digest -> digest.update(bytes.duplicate()));
        if (crc) {
            crc32c.update(bytes.duplicate());
        }
    }

    /** The digests in lower-case hex; ends the computation. */
    Map<DigestKind, String> finish() {
        Map<DigestKind, String> hex = new EnumMap<>(DigestKind.class);
        messages.forEach((kind, digest) -> hex.put(kind, HexFormat.of().formatHex(digest.digest())));
        if (crc) {
            hex.put(DigestKind.CRC32C, HexFormat.of().toHexDigits((int) crc32c.getValue()));
        }
        return Collections.unmodifiableMap(hex);
    }

    private static MessageDigest jdk(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}
