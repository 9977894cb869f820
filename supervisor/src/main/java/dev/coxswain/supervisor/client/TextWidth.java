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
        return in(point, 0x1100, 0x115f) || in(point, 0x2e80, 0xa4cf) || in(point, 0xac00, 0xd7a3)
                || in(point, 0xf900, 0xfaff) || in(point, 0xfe30, 0xfe6f) || in(point, 0xff00, 0xff60)
                || in(point, 0x1f300, 0x1faff) || in(point, 0x20000, 0x3fffd) ? 2 : 1;
    }

    private static boolean in(int point, int first, int last) {
        return point >= first && point <= last;
    }
}
