package dev.coxswain.supervisor.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Collects what is wrong, so that all of it is reported at once; bounded, so that a wrong file of tokens stays readable. */
final class Problems {
    private static final int MAX = 100;

    private final List<Problem> errors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private int unlistedErrors;
    private int unlistedWarnings;

    void error(Place place, String key, String message, @Nullable String hint) {
        if (errors.size() < MAX) {
            errors.add(problem(place, key, message, hint));
        } else {
            unlistedErrors++;
        }
    }

    void warn(Place place, String key, String message, @Nullable String hint) {
        if (warnings.size() < MAX) {
            warnings.add(problem(place, key, message, hint));
        } else {
            unlistedWarnings++;
        }
    }

    /** Whether there was no error so far. */
    boolean isEmpty() {
        return errors.isEmpty();
    }

    /** Throws when there was an error. */
    void throwIfAny(String file) {
        if (errors.isEmpty()) {
            return;
        }
        List<Problem> all = sorted(errors, file);
        if (unlistedErrors > 0) {
            all.add(new Problem(file, 0, 0, "", "and " + unlistedErrors + " more problems", null));
        }
        throw new ConfigException(all);
    }

    List<String> warnings(String file) {
        List<String> all = new ArrayList<>(sorted(warnings, file).stream().map(Problem::toString).toList());
        if (unlistedWarnings > 0) {
            all.add(file + ": and " + unlistedWarnings + " more warnings");
        }
        return all;
    }

    /** In the order of the file; what concerns other files comes after it. */
    private static List<Problem> sorted(List<Problem> problems, String file) {
        List<Problem> all = new ArrayList<>(problems);
        all.sort(Comparator.comparing((Problem problem) -> !problem.file().equals(file))
                .thenComparing(Problem::file).thenComparingInt(Problem::line).thenComparingInt(Problem::column));
        return all;
    }

    private static Problem problem(Place place, String key, String message, @Nullable String hint) {
        return new Problem(place.file(), place.line(), place.column(), key, message, hint);
    }
}
