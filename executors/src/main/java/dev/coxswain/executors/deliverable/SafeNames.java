package dev.coxswain.executors.deliverable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the control plane makes of the name of a file (contract xenonflare-workspace 6, trap 5). */
final class SafeNames {
    static final int MOST_NAME = 160;
    static final int MOST_PART = 48;
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]+");

    private SafeNames() {}

    /**
     * The safe form of a name; may be empty. Repeated until nothing changes, as the control plane does the same with what
     * we send: a cut may leave a {@code _} at the end, and {@code é..} becomes {@code ..}.
     */
    static String safe(String name) {
        String before = JsText.trim(name, MOST_NAME);
        String after = once(before);
        while (!after.equals(before)) {
            before = after;
            after = once(before);
        }
        return after;
    }

    private static String once(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.replace('\\', '/').split("/")) {
            if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
                String safe = JsText.cut(strip(UNSAFE.matcher(part).replaceAll("_")), MOST_PART);
                if (!safe.isEmpty()) {
                    parts.add(safe);
                }
            }
        }
        return String.join("/", parts);
    }

    /** Without {@code _} at both ends. */
    private static String strip(String part) {
        int start = 0;
        int end = part.length();
        while (start < end && part.charAt(start) == '_') {
            start++;
        }
        while (end > start && part.charAt(end - 1) == '_') {
            end--;
        }
        return part.substring(start, end);
    }
}
