package dev.coxswain.executors.deliverable;

/**
 * Texts as the control plane's JavaScript sees them (contract xenonflare-workspace, trap 7): its blanks are not Java's, and
 * lengths are UTF-16 units.
 */
public final class JsText {
    /** A character class: JavaScript's white space and line ends. */
    static final String BLANK = "[\\t-\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]";

    private JsText() {}

    static boolean isBlank(char c) {
        return (c >= '\t' && c <= '\r') || c == ' ' || c == '\u00a0' || c == '\u1680'
                || (c >= '\u2000' && c <= '\u200a')
                || c == '\u2028' || c == '\u2029' || c == '\u202f' || c == '\u205f' || c == '\u3000' || c == '\ufeff';
    }

    public static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Trimmed and cut; trimmed again, because the other side would do it with what we send. */
    static String trim(String text, int most) {
        return trim(cut(trim(text), most));
    }

    /** At most {@code most} UTF-16 units, without half a surrogate pair at the end. */
    public static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** The same with U+FFFD for each half of a surrogate pair that stands alone: UTF-8 has no form for one. */
    public static String whole(String text) {
        StringBuilder whole = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            if (whole == null) {
                whole = new StringBuilder(text);
            }
            whole.setCharAt(i, '\ufffd');
        }
        return whole == null ? text : whole.toString();
    }
}
