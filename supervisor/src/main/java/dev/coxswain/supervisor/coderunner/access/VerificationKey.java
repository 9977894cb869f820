package dev.coxswain.supervisor.coderunner.access;

import java.security.interfaces.RSAPublicKey;

import org.jspecify.annotations.Nullable;

/**
 * A key that tokens may be signed with.
 *
 * @param kid its name; null for one that is tried for every token
 * @param sessionTrusted whether a token by it needs no claims of its own
 */
record VerificationKey(@Nullable String kid, RSAPublicKey key, boolean sessionTrusted) {
    /** Shorter keys have been broken. */
    static final int LEAST_BITS = 2_048;

    boolean answersTo(@Nullable String wanted) {
        return wanted == null || kid == null || kid.equals(wanted);
    }
}
