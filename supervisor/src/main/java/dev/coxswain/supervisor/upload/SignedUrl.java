package dev.coxswain.supervisor.upload;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signed URL, cut into what is needed to reach the host and the rest, which goes into the request line as it is. Not
 * {@code java.net.URI}: that refuses some texts and re-encodes others (contract xenonflare-studio, trap 4).
 *
 * @param https whether it is sent over TLS
 * @param authority host and port as they go into the Host header
 * @param origin scheme, host and port: all that the HTTP client gets to know
 * @param host for messages
 * @param target path and query, byte for byte: a credential
 */
record SignedUrl(boolean https, String authority, String origin, String host, String target) {
    private static final Pattern FORM = Pattern
            .compile("(?i)(https?)://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::([0-9]{1,5}))?([/?].*)?", Pattern.DOTALL);
    private static final Pattern LOOPBACK = Pattern.compile("(?i)localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final int LONGEST = 16 << 10;

    /**
     * Reads the raw text.
     *
     * @throws BadUrl when nothing can be sent there; the message does not hold the text
     */
    static SignedUrl parse(String raw) throws BadUrl {
        Matcher parts = FORM.matcher(raw);
        if (raw.length() > LONGEST || !parts.matches()) {
            throw new BadUrl("is not an http(s) URL of at most " + LONGEST + " characters");
        }
        boolean https = parts.group(1).equalsIgnoreCase("https");
        String host = parts.group(2).toLowerCase(Locale.ROOT);
        int port = parts.group(3) == null ? (https ? 443 : 80) : Integer.parseInt(parts.group(3));
        if (port < 1 || port > 65_535) {
            throw new BadUrl("has an impossible port");
        }
        if (!https && !LOOPBACK.matcher(host).matches()) {
            throw new BadUrl("is not https");
        }
        String target = parts.group(4) == null ? "/" : parts.group(4);
        // a fragment is never sent, so one that is there was meant to be part of the name
        if (target.chars().anyMatch(c -> c <= ' ' || c == 0x7f || c == '#')) {
            throw new BadUrl("has a character that can't be sent");
        }
        String authority = port == (https ? 443 : 80) ? host : host + ":" + port;
        return new SignedUrl(https, authority, (https ? "https://" : "http://") + host + ":" + port, host,
                target.startsWith("?") ? "/" + target : target);
    }

    /**
     * Where a 307 or 308 of this URL leads; https only, or from loopback to loopback.
     *
     * @throws BadUrl when it may not be followed
     */
    SignedUrl redirect(String location) throws BadUrl {
        String absolute = location;
        if (location.startsWith("//")) {
            absolute = (https ? "https:" : "http:") + location;
        } else if (location.startsWith("/")) {
            absolute = origin + location;
        }
        SignedUrl next = parse(absolute);
        if (!next.https && !LOOPBACK.matcher(host).matches()) {
            throw new BadUrl("is not https");
        }
        return next;
    }

    /** Path and query are a credential. */
    @Override
    public String toString() {
        return "SignedUrl[" + origin + "]";
    }

    /** A text that is no URL to send to; says why, never what. */
    static final class BadUrl extends Exception {
        BadUrl(String message) {
            super(message);
        }
    }
}
