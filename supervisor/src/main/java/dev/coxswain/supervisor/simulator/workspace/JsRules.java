package dev.coxswain.supervisor.simulator.workspace;

import java.util.Locale;
import java.util.regex.Pattern;

/** Texts as the control plane's language sees them (contract xenonflare-workspace 6 and trap 7). */
final class JsRules {
    private static final String BLANKS = "\t\n\u000b\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
            + "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
    private static final Pattern FORBIDDEN_TAG = Pattern
            .compile("<(script|foreignobject|iframe|embed|object)(?![A-Za-z0-9_])|javascript:",
                    Pattern.CASE_INSENSITIVE);

    private JsRules() {}

    static boolean isBlank(String text) {
        return text.chars().allMatch(JsRules::isBlank);
    }

    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Whether this can be the trimmed text cut at that length: the cut may have left a blank at the end. */
    static boolean isTrimmed(String text, int cutAt) {
        String trimmed = trim(text);
        // a cut that would split a surrogate pair leaves one character less
        return trimmed.equals(text) || (text.startsWith(trimmed) && text.length() >= cutAt - 1);
    }

    /** Whether half of a surrogate pair stands alone. */
    static boolean hasLoneHalf(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i)) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /** Ids are compared so, whatever the locale of this host. */
    static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    /** Whether an SVG holds what could run in a browser. */
    static boolean mayRun(String svg) {
        return FORBIDDEN_TAG.matcher(svg).find() || hasHandler(svg);
    }

    /**
     * Whether there is {@code on}, word characters, blanks and an equals sign somewhere. From the equals sign backwards,
     * so that each character is looked at once.
     */
    private static boolean hasHandler(String svg) {
        for (int equals = svg.indexOf('='); equals >= 0; equals = svg.indexOf('=', equals + 1)) {
            int to = equals;
            while (to > 0 && isBlank(svg.charAt(to - 1))) {
                to--;
            }
            int from = to;
            while (from > 0 && isWord(svg.charAt(from - 1))) {
                from--;
            }
            int on = key(svg.substring(from, to)).indexOf("on");
            if (on >= 0 && on + 2 < to - from) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBlank(int character) {
        return BLANKS.indexOf(character) >= 0;
    }

    private static boolean isWord(char character) {
        return character < 128 && (Character.isLetterOrDigit(character) || character == '_');
    }
}
