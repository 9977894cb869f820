package dev.coxswain.supervisor.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

/**
 * Makes tokens of the form {@code credentialId.secret} and finds them where they do not belong. Seeded: the same seed
 * gives the same tokens, so that a supervisor can be pointed at a simulator that was started again. Guarded by its own
 * monitor (tiny sections).
 */
public final class Tokens {
    /** Every secret begins so, which makes a leak cheap to find in a large text. */
    private static final String MARK = "cxsk";
    private static final int SECRET_LENGTH = 44;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    /** Every secret of 64 hexadecimal digits begins so. */
    private static final String HEX_MARK = "c05ce7";
    private static final int HEX_LENGTH = 64;
    private static final String SIGNATURE = "X-Goog-Signature";

    private final long seed;
    private final Map<String, String> holders = new HashMap<>();
    private final Set<String> secrets = new HashSet<>();
    private final Set<String> grants = new HashSet<>();
    private final SplittableRandom grantRandom;

    Tokens(long seed) {
        this.seed = seed;
        grantRandom = new SplittableRandom(seed * 31 + HEX_MARK.hashCode());
    }

    /** The first tokens of this family; asking again gives the same ones. */
    public synchronized List<String> family(String name, int count) {
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        List<String> tokens = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            String secret = secret(random);
            String id = name + "-" + i;
            String token = id + "." + secret;
            holders.put(token, id);
            secrets.add(secret);
            tokens.add(token);
        }
        return List.copyOf(tokens);
    }

    /**
     * The ID token of a person: three parts as a JSON Web Token has, the signature a secret like any other. It does not
     * expire. Asking again gives the same one.
     */
    public synchronized String idToken(String person) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String secret = secret(new SplittableRandom(seed * 31 + person.hashCode()));
        String token = base64.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
                + "." + base64.encodeToString(
                        ("{\"iss\":\"https://simulator.invalid\",\"sub\":\"" + person + "\"}")
                                .getBytes(StandardCharsets.UTF_8))
                + "." + secret;
        holders.put(token, person);
        secrets.add(secret);
        return token;
    }

    /** The first tokens of a family of 64 hexadecimal digits without an id in them; asking again gives the same ones. */
    public synchronized List<String> hexFamily(String name, int count) {
        SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
        List<String> tokens = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            String token = hex(random);
            holders.put(token, name + "-" + i);
            secrets.add(token);
            tokens.add(token);
        }
        return List.copyOf(tokens);
    }

    /**
     * A new secret of 64 hexadecimal digits that is nobody's: a grant for one thing. The ledger hears of it wherever it is
     * seen but where its route takes it ({@link Route#grantIn()}).
     */
    public synchronized String grant() {
        String grant = hex(grantRandom);
        grants.add(grant);
        return grant;
    }

    private static String hex(SplittableRandom random) {
        StringBuilder hex = new StringBuilder(HEX_MARK);
        while (hex.length() < HEX_LENGTH) {
            hex.append(Character.forDigit(random.nextInt(16), 16));
        }
        return hex.toString();
    }

    private static String secret(SplittableRandom random) {
        StringBuilder secret = new StringBuilder(MARK);
        while (secret.length() < SECRET_LENGTH) {
            secret.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return secret.toString();
    }

    /** The credential id of this token, or null when it was not made here. */
    public synchronized @Nullable String holder(@Nullable String token) {
        return token == null ? null : holders.get(token);
    }

    /** Whether the text holds a token's secret, a grant or a signed URL's signature. */
    public boolean leaks(String text) {
        return leaksToken(text) || leaksGrant(text) || leaksSignature(text);
    }

    /** Whether the text holds a token's secret. */
    synchronized boolean leaksToken(String text) {
        return holds(text, MARK, SECRET_LENGTH, secrets) || holds(text, HEX_MARK, HEX_LENGTH, secrets);
    }

    /** Whether the text holds a grant. */
    synchronized boolean leaksGrant(String text) {
        return holds(text, HEX_MARK, HEX_LENGTH, grants);
    }

    private static boolean holds(String text, String mark, int length, Set<String> known) {
        for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
            if (at + length <= text.length() && known.contains(text.substring(at, at + length))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the text holds a signed URL's signature. */
    static boolean leaksSignature(String text) {
        return text.contains(SIGNATURE);
    }
}
