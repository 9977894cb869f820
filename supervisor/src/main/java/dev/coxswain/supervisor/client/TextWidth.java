package dev.coxswain.supervisor.client;

import org.jspecify.annotations.Nullable;

/** Text on a terminal: how many columns it takes, and what of it may be shown. */
final class TextWidth {
    private TextWidth() {}

    /** Without what would steer the terminal: a log line of a job can say anything. Null is empty. */
    static String clean(@Nullable String text) {
        if (text == null) {
            return "";
        }
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(point -> clean.appendCodePoint(switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> ' ';
            case Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> '\ufffd';
            default -> point;
        }));
        return clean.toString();
    }

    /** Columns of a clean text. */
    static int of(String text) {
        return text.codePoints().map(TextWidth::of).sum();
    }

    /** At most this many columns of a clean text; where something was left out it ends in {@code …}. */
    static String cut(String text, int columns) {
        if (of(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int width = 0;
        for (int point : text.codePoints().toArray()) {
            width += of(point);
            if (width > columns - 1) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return columns < 1 ? "" : kept.append('…').toString();
    }

    private static int of(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        // Hangul, CJK with its punctuation, full-width forms, emoji: two columns on every common terminal
        return point >= 0x1100 && point <= 0x115f || point >= 0x2e80 && point <= 0xa4cf
                || point >= 0xac00 && point <= 0xd7a3 || point >= 0xf900 && point <= 0xfaff
                || point >= 0xfe30 && point <= 0xfe6f || point >= 0xff00 && point <= 0xff60
                || point >= 0x1f300 && point <= 0x1faff || point >= 0x20000 && point <= 0x3fffd ? 2 : 1;
    }
}
