package dev.coxswain.supervisor.simulator;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a URL together with the content type. The signature is written with raw and with escaped characters mixed, so
 * that whoever decodes, sorts or re-encodes a URL loses it.
 */
final class UrlSigner {
    private static final String PARAMETER = "&X-Goog-Signature=";
    /** Every signature ends so: each kind of character that a URL library likes to change is there at least once. */
    private static final String TAIL = "+%2B%2f~%3D";

    private final Mac prototype;

    UrlSigner(long seed) {
        try {
            prototype = Mac.getInstance("HmacSHA256");
            prototype.init(new SecretKeySpec(("coxswain-simulator-" + seed).getBytes(StandardCharsets.UTF_8), "HMAC"));
            // the provider loads its classes here and not on an event loop
            prototype.doFinal(new byte[0]);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** The raw URI with its signature behind it. */
    String sign(String method, String rawUri, String contentType) {
        return rawUri + PARAMETER + signature(method, rawUri, contentType);
    }

    /** The signed part of a raw URI; the whole when it has no signature. */
    static String signedPart(String rawUri) {
        int at = rawUri.lastIndexOf(PARAMETER);
        return at < 0 ? rawUri : rawUri.substring(0, at);
    }

    /** Whether these are, byte for byte, the URI and the content type that were signed. */
    boolean verifies(String method, String rawUri, String contentType) {
        String signed = signedPart(rawUri);
        return signed.length() != rawUri.length() && rawUri.equals(sign(method, signed, contentType));
    }

    private String signature(String method, String rawUri, String contentType) {
        Mac mac;
        try {
            mac = (Mac) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own HmacSHA256 can be cloned", e);
        }
        byte[] digest = mac.doFinal((method + "\n" + rawUri + "\n" + contentType).getBytes(StandardCharsets.UTF_8));
        String text = Base64.getEncoder().withoutPadding().encodeToString(digest);
        StringBuilder mixed = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean escape = i % 2 == 0;
            mixed.append(c == '+' && escape ? "%2B" : c == '/' && escape ? "%2F" : String.valueOf(c));
        }
        return mixed.append(TAIL).toString();
    }
}
