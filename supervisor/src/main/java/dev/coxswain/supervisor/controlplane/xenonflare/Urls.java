package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Checks URLs without taking them apart and putting them together again: a signed URL must stay the same byte for byte
 * (contract xenonflare-studio, trap 4).
 */
final class Urls {
    private static final int MOST = 8_192;
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]+");
    private static final Pattern HOST = Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::\\d{1,5})?");
    private static final Pattern LOOPBACK = Pattern
            .compile("(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1\\])(?::\\d{1,5})?");

    private Urls() {}

    /** Whether the text says a scheme or a host, so that it can't be the relative name of a file. */
    static boolean isAbsolute(String text) {
        return text.startsWith("//") || SCHEME.matcher(text).matches();
    }

    /**
     * What is wrong with this URL, or null: it must be absolute https; plain http is for loopback, where tests and the demo
     * live. The text never shows the URL.
     */
    static @Nullable String problem(String url) {
        if (url.length() > MOST) {
            return "is longer than " + MOST + " characters";
        }
        if (!PLAIN.matcher(url).matches()) {
            return "is empty or has characters that a URL can't have";
        }
        String lower = url.toLowerCase(Locale.ROOT);
        boolean https = lower.startsWith("https://");
        if (!https && !lower.startsWith("http://")) {
            return "is no absolute https URL";
        }
        String host = authority(lower, https ? 8 : 7);
        if (!HOST.matcher(host).matches()) {
            return "has no usable host";
        }
        return https || LOOPBACK.matcher(host).matches() ? null : "is not https";
    }

    /** The URL up to its query. */
    static String withoutQuery(String url) {
        int end = url.length();
        for (char mark : new char[]{'?', '#'}) {
            int at = url.indexOf(mark);
            end = at >= 0 && at < end ? at : end;
        }
        return url.substring(0, end);
    }

    private static String authority(String url, int start) {
        int end = start;
        while (end < url.length() && "/?#\\".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return url.substring(start, end);
    }
}
