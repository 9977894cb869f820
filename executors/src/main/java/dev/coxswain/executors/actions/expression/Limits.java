package dev.coxswain.executors.actions.expression;

/** Bounds of what one evaluation makes. */
final class Limits {
    /** Of one text; far beyond what a variable of a process can hold. */
    static final int MOST_CHARS = 1 << 20;

    private Limits() {}

    /** @param length of a text that was made, or is being made */
    static void check(long length, int at) {
        if (length > MOST_CHARS) {
            throw new ExpressionException("this makes a text longer than " + MOST_CHARS + " characters", at);
        }
    }
}
