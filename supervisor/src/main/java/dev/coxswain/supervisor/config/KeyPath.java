package dev.coxswain.supervisor.config;

import java.util.regex.Pattern;

/** Names of keys in messages: {@code pools[0].workload.command}. */
final class KeyPath {
    private static final Pattern PRINTABLE = Pattern.compile("[A-Za-z<][A-Za-z0-9_.<-]{0,31}");

    private KeyPath() {}

    static String child(String parent, String key) {
        return parent.isEmpty() ? shown(key) : parent + "." + shown(key);
    }

    static String item(String parent, int index) {
        return parent + "[" + index + "]";
    }

    /** The word itself when it looks like a name; else dots, since a token may have been put in the wrong place. */
    static String shown(String word) {
        return PRINTABLE.matcher(word).matches() ? word : "…";
    }
}
