package dev.coxswain.supervisor.simulator.shithub;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/** What stands in an Authorization header. */
final class Authorization {
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";

    private Authorization() {}

    /** The token behind exactly {@code Bearer} and a space, trimmed; null when there is none. */
    static @Nullable String bearer(@Nullable String header) {
        if (header == null || !header.startsWith(BEARER)) {
            return null;
        }
        String token = header.substring(BEARER.length()).strip();
        return token.isEmpty() ? null : token;
    }

    /** The password of whichever user; null when there is none. */
    static @Nullable String password(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        String pair;
        try {
            byte[] decoded = Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            pair = new String(decoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
        int colon = pair.indexOf(':');
        return colon < 0 ? null : pair.substring(colon + 1);
    }

    /** Whichever of both there is; null when there is none. */
    static @Nullable String credential(@Nullable String header) {
        String bearer = bearer(header);
        return bearer != null ? bearer : password(header);
    }
}
