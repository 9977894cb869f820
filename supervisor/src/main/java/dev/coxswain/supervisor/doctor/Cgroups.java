package dev.coxswain.supervisor.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How control groups are laid out on this host.
 *
 * @param kind which hierarchies are mounted
 * @param own this process's folder in the unified hierarchy, if that is mounted
 */
record Cgroups(Kind kind, Optional<Path> own) {
    /** Which hierarchies are mounted. */
    enum Kind {
        /** only the old, one per controller */
        V1,
        /** only the unified one */
        V2,
        /** both; the controllers are in the old ones */
        HYBRID,
        /** neither */
        NONE
    }

    /**
     * Reads {@code /proc/self/mountinfo} and {@code /proc/self/cgroup}. In a container the mount's root can be below the
     * path that the second names: what both begin with is the same folder.
     */
    static Cgroups parse(String mountinfo, String selfCgroup) {
        boolean old = false;
        List<Path> unified = new ArrayList<>();
        String path = selfCgroup.lines().filter(line -> line.startsWith("0::/")).map(line -> line.substring(3))
                .findFirst().orElse("/");
        for (String line : mountinfo.lines().toList()) {
            int dash = line.indexOf(" - ");
            String[] fields = line.split(" ");
            if (dash < 0 || fields.length < 5) {
                continue;
            }
            String type = line.substring(dash + 3);
            if (type.startsWith("cgroup2 ")) {
                unified.add(below(unescape(fields[4]), unescape(fields[3]), path));
            } else if (type.startsWith("cgroup ")) {
                old = true;
            }
        }
        Kind kind = unified.isEmpty() ? (old ? Kind.V1 : Kind.NONE) : (old ? Kind.HYBRID : Kind.V2);
        return new Cgroups(kind, unified.stream().findFirst());
    }

    private static Path below(String mountPoint, String root, String path) {
        String inside = path;
        if (!root.equals("/") && (path.equals(root) || path.startsWith(root + "/"))) {
            inside = path.substring(root.length());
        }
        return Path.of(mountPoint, inside).normalize();
    }

    /** Spaces and the like are octal in mountinfo. */
    private static String unescape(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }
}
