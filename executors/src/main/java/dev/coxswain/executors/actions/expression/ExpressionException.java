package dev.coxswain.executors.actions.expression;

/** An expression that can't be read or evaluated. The message names the place in its text and holds no value. */
public final class ExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int offset;

    /** @param offset into the source text, in characters */
    ExpressionException(String message, int offset) {
        super(message, null, false, false);
        this.offset = offset;
    }

    /** The same with its place in words; lines and columns count from 1. */
    ExpressionException in(String source) {
        int line = 1;
        int column = 1;
        int end = Math.min(offset, source.length());
        for (int i = 0; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new ExpressionException("line " + line + ", column " + column + ": " + getMessage(), offset);
    }
}
