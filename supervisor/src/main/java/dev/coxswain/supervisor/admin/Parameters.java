package dev.coxswain.supervisor.admin;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** The query of a request, checked: nothing unknown, nothing twice. */
final class Parameters {
    private static final int LONGEST_NAME = 200;

    private final Map<String, List<String>> given;

    Parameters(Map<String, List<String>> given, Set<String> known) {
        this.given = given;
        given.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw Refusal.badRequest("unknown parameter; known here: " + known.stream().sorted().toList());
            }
            if (values.size() > 1) {
                throw Refusal.badRequest("the parameter " + name + " is given twice");
            }
        });
    }

    /** A page number from 1; 1 when nothing is said. */
    int page() {
        String page = one("page");
        if (page == null) {
            return 1;
        }
        if (!page.matches("[1-9]\\d{0,6}")) {
            throw Refusal.badRequest("page must be a number from 1");
        }
        return Integer.parseInt(page);
    }

    /** One of these words, or null. */
    @Nullable
    String word(String name, List<String> allowed) {
        String word = one(name);
        if (word != null && !allowed.contains(word)) {
            throw Refusal.badRequest(name + " must be one of " + allowed);
        }
        return word;
    }

    /** A name, or null. */
    @Nullable
    String name(String name) {
        String value = one(name);
        if (value != null && value.length() > LONGEST_NAME) {
            throw Refusal.badRequest(name + " is too long");
        }
        return value;
    }

    private @Nullable String one(String name) {
        List<String> values = given.get(name);
        return values == null ? null : values.get(0);
    }
}
