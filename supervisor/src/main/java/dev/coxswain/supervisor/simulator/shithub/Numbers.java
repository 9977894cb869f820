package dev.coxswain.supervisor.simulator.shithub;

/** Ids in paths. */
final class Numbers {
    private Numbers() {}

    /** A positive number of 64 bits; 0 for anything else. */
    static long positive(String text) {
        try {
            return text.matches("\\d{1,19}") ? Long.parseLong(text) : 0;
        } catch (NumberFormatException tooLarge) {
            return 0;
        }
    }
}
