package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import tools.jackson.databind.JsonNode;

/**
 * One entry of a sign answer (contract xenonflare-studio 5).
 *
 * @param path what it is for, or null when the entry does not say
 * @param url the PUT URL, byte for byte
 * @param reference where the file can be read
 * @param contentType the type it was signed for, or null
 * @param headers to send with the PUT, without Content-Type and Content-Length
 * @param expiresAt by the server's clock, or null
 */
record SignEntry(@Nullable String path, Secret url, String reference, @Nullable String contentType,
        Map<String, String> headers, @Nullable Instant expiresAt) {
    private static final List<String> URLS = List.of("uploadUrl", "signedUrl", "putUrl", "url");
    private static final List<String> REFERENCES = List.of("publicUrl", "downloadUrl", "fileUrl", "readUrl");
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e\\t]{0,4096}");
    private static final int MOST_HEADERS = 32;

    /** Reads a text (the PUT URL) or an object. */
    static SignEntry read(@Nullable String key, JsonNode entry) throws Unusable {
        if (entry.isString()) {
            String url = usable("upload URL", entry.stringValue());
            return new SignEntry(key, new Secret(url), Urls.withoutQuery(url), null, Map.of(), null);
        }
        if (!entry.isObject()) {
            throw new Unusable("has an entry that is neither a text nor an object");
        }
        String method = text(entry, "method");
        if (method != null && !method.equalsIgnoreCase("PUT")) {
            throw new Unusable("has an entry with a method other than PUT");
        }
        String url = first(entry, URLS);
        if (url == null) {
            throw new Unusable("has an entry without an upload URL");
        }
        usable("upload URL", url);
        String own = text(entry, "path");
        if (key != null && own != null && !key.equals(own)) {
            throw new Unusable("has an entry that names another path than its key");
        }
        return new SignEntry(own == null ? key : own, new Secret(url), reference(entry, url),
                text(entry, "contentType"), headers(entry.path("headers")), Terms.instant(entry.path("expiresAt")));
    }

    /** Pairs this entry with the artifact that it is for. */
    SignedUpload sign(Artifact artifact) throws Unusable {
        if (contentType != null && !contentType.equals(artifact.contentType())) {
            // the signature covers the type: the PUT would end in 403 after the whole upload
            throw new Unusable("is signed for another content type than " + artifact.contentType() + " of "
                    + artifact.path());
        }
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase("content-type")
                    && !header.getValue().equals(artifact.contentType())) {
                throw new Unusable("wants another Content-Type than " + artifact.contentType() + " for "
                        + artifact.path());
            }
        }
        Map<String, String> sent = new HashMap<>(headers);
        sent.keySet().removeIf(
                name -> name.equalsIgnoreCase("content-type") || name.equalsIgnoreCase("content-length"));
        return new SignedUpload(artifact, url, sent, expiresAt, reference);
    }

    /** Never the PUT URL with its signature, even when the answer says so (contract xenonflare-studio, trap 8). */
    private static String reference(JsonNode entry, String url) throws Unusable {
        String reference = first(entry, REFERENCES);
        return reference == null || reference.equals(url)
                ? Urls.withoutQuery(url)
                : usable("public URL", reference);
    }

    private static Map<String, String> headers(JsonNode headers) throws Unusable {
        if (headers.isMissingNode() || headers.isNull()) {
            return Map.of();
        }
        if (!headers.isObject() || headers.size() > MOST_HEADERS) {
            throw new Unusable("has headers that are no small object");
        }
        Map<String, String> read = new HashMap<>();
        for (Map.Entry<String, JsonNode> header : headers.properties()) {
            String value = header.getValue().isValueNode() ? header.getValue().asString() : "\n";
            if (!HEADER_NAME.matcher(header.getKey()).matches() || !HEADER_VALUE.matcher(value).matches()) {
                throw new Unusable("has a header that can't be sent");
            }
            read.put(header.getKey(), value);
        }
        return read;
    }

    private static @Nullable String first(JsonNode entry, List<String> names) throws Unusable {
        for (String name : names) {
            String value = text(entry, name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    private static @Nullable String text(JsonNode entry, String name) throws Unusable {
        JsonNode value = entry.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw new Unusable("has an entry whose " + name + " is no text");
        }
        return value.stringValue();
    }

    private static String usable(String what, String url) throws Unusable {
        String problem = Urls.problem(url);
        if (problem != null) {
            throw new Unusable("has an entry whose " + what + " " + problem);
        }
        return url;
    }

    /** What about a sign answer can't be used; the text continues "the answer …" and holds no URL. */
    static final class Unusable extends Exception {
        Unusable(String message) {
            super(message);
        }
    }
}
