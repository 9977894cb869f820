package dev.coxswain.supervisor.config;

import java.util.Collection;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Guesses what was meant by a mistyped word. */
final class Suggestion {
    private Suggestion() {}

    /** The nearest candidate when it is near enough to be meant: one slip in three letters; else null. */
    static @Nullable String nearest(String typed, Collection<String> candidates) {
        if (typed.length() > 64) {
            return null;
        }
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : candidates) {
            int distance = distance(typed.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance && distance <= Math.max(1, candidate.length() / 3)) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** The hint for it, or null. */
    static @Nullable String didYouMean(String typed, Collection<String> candidates) {
        String nearest = nearest(typed, candidates);
        return nearest == null ? null : "did you mean " + nearest + "?";
    }

    /** How many letters must be put in, taken out, changed, or swapped with their neighbour. */
    static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                int least = Math.min(cost[i - 1][j - 1] + change, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[from.length()][to.length()];
    }
}
