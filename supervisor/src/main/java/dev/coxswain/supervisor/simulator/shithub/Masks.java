package dev.coxswain.supervisor.simulator.shithub;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/** The values that must not be read in a log, as they were when the job was claimed (contract shithub-actions 13). */
final class Masks {
    static final Masks NONE = new Masks(List.of());
    private static final String HIDDEN = "***";

    /** Longest first, as texts of single bytes. */
    private final List<String> values;
    private final int longest;

    Masks(List<String> secrets) {
        values = secrets.stream().filter(secret -> !secret.isEmpty())
                .map(secret -> bytes(secret.getBytes(StandardCharsets.UTF_8))).distinct()
                .sorted(Comparator.comparingInt(String::length).reversed()).toList();
        longest = values.isEmpty() ? 0 : values.getFirst().length();
    }

    /** Bytes as a text of as many characters, so that none is lost. */
    static String bytes(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    boolean foundIn(String text) {
        return values.stream().anyMatch(text::contains);
    }

    String hide(String text) {
        String hidden = text;
        for (String value : values) {
            hidden = hidden.replace(value, HIDDEN);
        }
        return hidden;
    }

    /** The longest end of the text that may be the beginning of a value. */
    String begun(String text) {
        for (int length = Math.min(longest - 1, text.length()); length > 0; length--) {
            String end = text.substring(text.length() - length);
            if (values.stream().anyMatch(value -> value.length() > end.length() && value.startsWith(end))) {
                return end;
            }
        }
        return "";
    }
}
