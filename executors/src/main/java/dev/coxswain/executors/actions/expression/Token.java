package dev.coxswain.executors.actions.expression;

/**
 * One word of an expression.
 *
 * @param text of a name or sign as written, of a text without its quotes
 * @param at where it begins in the source
 */
record Token(Kind kind, String text, int at) {
    enum Kind {
        NAME, NUMBER, TEXT, SIGN, END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    /** As it is named in an error; no text of a literal, which may be somebody's password. */
    String shown() {
        return switch (kind) {
            case NAME, SIGN -> "'" + text + "'";
            case NUMBER -> "a number";
            case TEXT -> "a text";
            case END -> "the end";
        };
    }
}
