package dev.coxswain.supervisor.fleet;

import org.jspecify.annotations.Nullable;

/** What somebody looks for in a listing: a part of any of its texts, upper and lower case alike. */
final class Search {
    private final String wanted;

    /** @param wanted null or blank for everything */
    Search(@Nullable String wanted) {
        this.wanted = wanted == null ? "" : wanted.strip();
    }

    /** Whether one of these has it. */
    boolean finds(String... texts) {
        if (wanted.isEmpty()) {
            return true;
        }
        for (String text : texts) {
            for (int from = 0; from <= text.length() - wanted.length(); from++) {
                if (text.regionMatches(true, from, wanted, 0, wanted.length())) {
                    return true;
                }
            }
        }
        return false;
    }
}
