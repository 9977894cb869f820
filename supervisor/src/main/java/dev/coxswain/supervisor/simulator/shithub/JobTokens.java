package dev.coxswain.supervisor.simulator.shithub;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Json;
import tools.jackson.databind.JsonNode;

/**
 * Makes and reads the tokens that come with a job (contract shithub-actions 2.2 and 11): JSON Web Tokens under HS256, from
 * a seed. Safe to use from any thread.
 */
final class JobTokens {
    static final String API = "api";
    static final String CHECKOUT = "checkout";
    private static final String SUBJECT = "runner:";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER = BASE64
            .encodeToString("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.US_ASCII)) + ".";
    private static final int JTI_BYTES = 32;

    /**
     * What a token says.
     *
     * @param expires in seconds since 1970; from then on it is worthless
     * @param jti what is used up when it is used
     */
    record Claims(long runner, long job, long run, long repository, long expires, String jti, String purpose) {}

    private final Mac prototype;
    private final SplittableRandom random;

    JobTokens(long seed) {
        random = new SplittableRandom(seed * 31 + 11);
        try {
            prototype = Mac.getInstance("HmacSHA256");
            prototype.init(new SecretKeySpec(("shithub-" + seed).getBytes(StandardCharsets.UTF_8), "HMAC"));
            // the provider loads its classes here and not on an event loop
            prototype.doFinal(new byte[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    synchronized String jti() {
        byte[] bytes = new byte[JTI_BYTES];
        random.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }

    String mint(Claims claims) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sub", SUBJECT + claims.runner());
        json.put("job_id", claims.job());
        json.put("run_id", claims.run());
        json.put("repo_id", claims.repository());
        json.put("exp", claims.expires());
        json.put("jti", claims.jti());
        json.put("purpose", claims.purpose());
        String signed = HEADER + BASE64.encodeToString(Json.bytes(json));
        return signed + "." + signature(signed);
    }

    /** What a token of ours says, expired or not; null for anything else. */
    @Nullable
    Claims read(String token) {
        int at = token.lastIndexOf('.');
        if (at < HEADER.length() || !token.startsWith(HEADER)) {
            return null;
        }
        String signed = token.substring(0, at);
        byte[] wanted = signature(signed).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(wanted, token.substring(at + 1).getBytes(StandardCharsets.UTF_8))) {
            return null;
        }
        // signed here, so it was written here
        JsonNode json = Json.read(Base64.getUrlDecoder().decode(signed.substring(HEADER.length())));
        return new Claims(Long.parseLong(json.path("sub").stringValue().substring(SUBJECT.length())),
                json.path("job_id").longValue(), json.path("run_id").longValue(), json.path("repo_id").longValue(),
                json.path("exp").longValue(), json.path("jti").stringValue(), json.path("purpose").stringValue());
    }

    /** Whether the text holds a token of ours. */
    boolean leaks(String text) {
        for (int at = text.indexOf(HEADER); at >= 0; at = text.indexOf(HEADER, at + 1)) {
            int end = at;
            while (end < text.length() && isOfToken(text.charAt(end))) {
                end++;
            }
            String[] parts = text.substring(at, end).split("\\.", 4);
            if (parts.length >= 3 && read(parts[0] + "." + parts[1] + "." + parts[2]) != null) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfToken(char c) {
        return c == '.' || c == '-' || c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z');
    }

    private String signature(String signed) {
        try {
            Mac mac = (Mac) prototype.clone();
            return BASE64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own HmacSHA256 can be cloned", e);
        }
    }
}
