package dev.coxswain.supervisor.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts variables of the environment, as in <code>${NAME}</code>, and texts of files without the line ends at their end,
 * as in <code>${file:PATH}</code>, into values; a second dollar sign in front keeps the form as it is. What was put in
 * is not looked at again.
 */
final class Substitution {
    private static final int MAX_FILE_BYTES = 64 << 10;
    private static final int MAX_CHARS = 256 << 10;

    private final Map<String, String> environment;
    private final Path folder;
    private final Map<Path, String> read = new HashMap<>();

    Substitution(Map<String, String> environment, Path folder) {
        this.environment = environment;
        this.folder = folder;
    }

    /**
     * A value with everything put in.
     *
     * @param inserted what was put in, in order
     * @param fromFile whether some of it is the text of a file
     */
    record Result(String value, List<String> inserted, boolean fromFile) {
        boolean isLiteral() {
            return inserted.isEmpty();
        }
    }

    /** Throws {@link Refused} when a variable or a file is missing or the form is wrong. */
    Result apply(String text) {
        if (!text.contains("${")) {
            return new Result(text, List.of(), false);
        }
        StringBuilder out = new StringBuilder();
        List<String> inserted = new ArrayList<>();
        boolean fromFile = false;
        int at = 0;
        while (at < text.length()) {
            int next = text.indexOf("${", at);
            if (next < 0) {
                out.append(text, at, text.length());
                break;
            }
            if (next > at && text.charAt(next - 1) == '$') {
                out.append(text, at, next - 1).append("${");
                at = next + 2;
                continue;
            }
            int end = text.indexOf('}', next);
            if (end < 0) {
                throw new Refused("has a ${ without its }", "write $${ for a literal ${");
            }
            out.append(text, at, next);
            String name = text.substring(next + 2, end);
            boolean file = name.startsWith("file:");
            String value = file ? file(name.substring("file:".length())) : variable(name);
            fromFile |= file;
            inserted.add(value);
            out.append(value);
            if (out.length() > MAX_CHARS) {
                throw new Refused("is longer than " + SizeText.format(MAX_CHARS) + " with everything put in", null);
            }
            at = end + 1;
        }
        return new Result(out.toString(), inserted, fromFile);
    }

    private String variable(String name) {
        if (!name.matches(Values.VARIABLE)) {
            throw new Refused("has a ${…} that is neither ${NAME} nor ${file:PATH}", "write $${ for a literal ${");
        }
        String value = environment.get(name);
        if (value == null) {
            String near = Suggestion.nearest(name, environment.keySet());
            throw new Refused("needs the environment variable " + name + ", which is not set",
                    near == null ? "set it, or write $${ for a literal ${" : "did you mean " + near + "?");
        }
        return value;
    }

    /** The files whose text was put in. */
    Set<Path> files() {
        return Set.copyOf(read.keySet());
    }

    private String file(String name) {
        Path path;
        try {
            path = folder.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new Refused("has a ${file:…} that is not a file name", null);
        }
        String known = read.get(path);
        if (known != null) {
            return known;
        }
        try {
            String text = withoutLineEnds(TextFile.read(path, MAX_FILE_BYTES));
            read.put(path, text);
            return text;
        } catch (Refused e) {
            throw new Refused("needs " + path + ": " + e.text(), null);
        }
    }

    private static String withoutLineEnds(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return text.substring(0, end);
    }
}
