package dev.coxswain.executors.responses;

/** Cuts texts by UTF-16 units, as the control plane counts, and never through a surrogate pair. */
final class Texts {
    private Texts() {}

    /** At most the first {@code most} units. */
    static String first(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    /** At most the last {@code most} units. */
    static String last(String text, int most) {
        int from = text.length() - most;
        if (from <= 0) {
            return text;
        }
        return text.substring(Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from);
    }
}
