package dev.coxswain.executors.responses;

/** What {@code JsText} leaves open: the end of a text, by UTF-16 units and never from the middle of a surrogate pair. */
final class Texts {
    private Texts() {}

    /** At most the last {@code most} units. */
    static String last(String text, int most) {
        int from = text.length() - most;
        if (from <= 0) {
            return text;
        }
        return text.substring(Character.isLowSurrogate(text.charAt(from)) ? from + 1 : from);
    }
}
