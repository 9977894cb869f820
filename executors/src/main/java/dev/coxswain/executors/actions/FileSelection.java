package dev.coxswain.executors.actions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.coxswain.executors.Glob;

/**
 * Which files {@code path} of an upload names: one a line, each a file, a folder with all in it, or a pattern; one that begins
 * with {@code !} takes away again. Pure.
 */
final class FileSelection {
    private static final int MOST_LINES = 100;
    private static final int MOST_CHARS = 1_024;

    private final List<Line> lines = new ArrayList<>();

    /** @param base the part before the first wildcard */
    private record Line(boolean excludes, String path, Glob itself, Glob below, String base) {}

    /**
     * Reads the lines.
     *
     * @param root the absolute path that the job's folder has; lines may begin with it
     * @throws StepFailure when one is no path within the job's folder
     */
    FileSelection(String told, String root) {
        for (String written : told.split("\n", -1)) {
            String line = written.strip();
            if (!line.isEmpty()) {
                boolean excludes = line.startsWith("!");
                lines.add(line(excludes, relative(excludes ? line.substring(1).strip() : line, root)));
            }
        }
        if (lines.size() > MOST_LINES || lines.stream().allMatch(Line::excludes)) {
            throw StepFailure.of("path must name what to upload, in at most " + MOST_LINES + " lines");
        }
    }

    private static String relative(String told, String root) {
        String path = told.equals(root) || told.startsWith(root + "/") ? told.substring(root.length()) : told;
        boolean foreign = path.equals(told) && told.startsWith("/");
        List<String> parts = Arrays.stream(path.split("/", -1)).filter(part -> !part.isEmpty() && !part.equals("."))
                .toList();
        if (foreign || path.startsWith("~") || parts.contains("..") || path.length() > MOST_CHARS
                || path.chars().anyMatch(Character::isISOControl)) {
            throw StepFailure.of("path must lie within the job's folder, without .. and control characters");
        }
        return String.join("/", parts);
    }

    private static Line line(boolean excludes, String path) {
        List<String> fixed = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.indexOf('*') >= 0 || part.indexOf('?') >= 0) {
                break;
            }
            fixed.add(part);
        }
        return new Line(excludes, path, new Glob(path), new Glob(path.isEmpty() ? "**" : path + "/**"),
                String.join("/", fixed));
    }

    /** @param path relative to the job's folder */
    boolean contains(String path) {
        boolean in = false;
        for (Line line : lines) {
            if (line.itself.matches(path) || line.below.matches(path)) {
                in = !line.excludes;
            }
        }
        return in;
    }

    /** The deepest folder that all lines are below of, which an archive does not name; {@code ""} or with a slash at the end. */
    String root(List<String> files) {
        List<String> common = null;
        for (Line line : lines) {
            if (line.excludes) {
                continue;
            }
            String folder = files.contains(line.base) ? parent(line.base) : line.base;
            List<String> parts = folder.isEmpty() ? List.of() : List.of(folder.split("/", -1));
            if (common == null) {
                common = parts;
            } else {
                int same = 0;
                while (same < common.size() && same < parts.size() && common.get(same).equals(parts.get(same))) {
                    same++;
                }
                common = common.subList(0, same);
            }
        }
        return common == null || common.isEmpty() ? "" : String.join("/", common) + "/";
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
