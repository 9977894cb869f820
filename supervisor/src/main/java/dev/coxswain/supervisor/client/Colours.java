package dev.coxswain.supervisor.client;

import java.util.Set;

/** Colours for the words that matter; what is said is never told by colour alone. */
final class Colours {
    private static final Set<String> GOOD = Set.of("running", "success");
    private static final Set<String> CAREFUL = Set.of("starting", "draining", "paused", "settling", "cancelled",
            "polling", "leased");
    private static final Set<String> BAD = Set.of("quarantined", "stopped", "failure", "timeout", "lost", "abandoned",
            "unclear");

    private Colours() {}

    /** {@code shown}, in the colour of what {@code word} says. */
    static String of(String word, String shown) {
        return GOOD.contains(word)
                ? paint("32", shown)
                : CAREFUL.contains(word) ? paint("33", shown) : BAD.contains(word) ? paint("31", shown) : shown;
    }

    static String bold(String shown) {
        return paint("1", shown);
    }

    private static String paint(String code, String shown) {
        return "\u001b[" + code + "m" + shown + "\u001b[0m";
    }
}
