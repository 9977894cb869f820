package dev.coxswain.supervisor.upload;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs URLs the way S3 clients do (Signature Version 4 in the query); content type, if any, and host are signed too. */
record SigV4(String identity, String secret, String host) {
    private static final String REGION = "us-east-1";

    String put(String path, String contentType, Instant now, int seconds) {
        return url("PUT", path, contentType, now, seconds);
    }

    /** A URL for a method and a path such as {@code /bucket/key}; without a content type none is signed. */
    String url(String method, String plainPath, String contentType, Instant now, int seconds) {
        String signed = contentType.isEmpty() ? "host" : "content-type;host";
        String stamp = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC).format(now);
        String scope = stamp.substring(0, 8) + "/" + REGION + "/s3/aws4_request";
        Map<String, String> query = new TreeMap<>(Map.of("X-Amz-Algorithm", "AWS4-HMAC-SHA256", "X-Amz-Credential",
                identity + "/" + scope, "X-Amz-Date", stamp, "X-Amz-Expires", Integer.toString(seconds),
                "X-Amz-SignedHeaders", signed));
        String canonicalQuery = query.entrySet().stream().map(e -> escape(e.getKey()) + "=" + escape(e.getValue()))
                .collect(Collectors.joining("&"));
        String path = escape(plainPath).replace("%2F", "/");
        String type = contentType.isEmpty() ? "" : "content-type:" + contentType + "\n";
        String canonical = String.join("\n", method, path, canonicalQuery, type + "host:" + host, "", signed,
                "UNSIGNED-PAYLOAD");
        String toSign = String.join("\n", "AWS4-HMAC-SHA256", stamp, scope,
                HexFormat.of().formatHex(sha256(canonical)));
        byte[] key1 = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), stamp.substring(0, 8));
        byte[] signing = hmac(hmac(hmac(key1, REGION), "s3"), "aws4_request");
        return "http://" + host + path + "?" + canonicalQuery + "&X-Amz-Signature="
                + HexFormat.of().formatHex(hmac(signing, toSign));
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E",
                "~");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
