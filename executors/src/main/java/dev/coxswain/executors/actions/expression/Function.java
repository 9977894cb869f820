package dev.coxswain.executors.actions.expression;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** The functions there are; their names count in any case. */
enum Function {
    SUCCESS("success", 0, 0), FAILURE("failure", 0, 0), ALWAYS("always", 0, 0), CANCELLED("cancelled", 0, 0), CONTAINS(
            "contains", 2, 2), STARTS_WITH("startsWith", 2, 2), ENDS_WITH("endsWith", 2, 2), FORMAT("format", 1,
                    100), JOIN("join", 1, 2), TO_JSON("toJSON", 1, 1), FROM_JSON("fromJSON", 1, 1);

    private final String word;
    private final int least;
    private final int most;

    Function(String word, int least, int most) {
        this.word = word;
        this.least = least;
        this.most = most;
    }

    String word() {
        return word;
    }

    /** Whether so many arguments are right. */
    boolean takes(int arguments) {
        return arguments >= least && arguments <= most;
    }

    String arguments() {
        return least == most ? Integer.toString(least) : least + " to " + most;
    }

    boolean asksForStatus() {
        return switch (this) {
            case SUCCESS, FAILURE, ALWAYS, CANCELLED -> true;
            case CONTAINS, STARTS_WITH, ENDS_WITH, FORMAT, JOIN, TO_JSON, FROM_JSON -> false;
        };
    }

    static @Nullable Function of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (Function each : values()) {
            if (each.word.toLowerCase(Locale.ROOT).equals(lower)) {
                return each;
            }
        }
        return null;
    }
}
