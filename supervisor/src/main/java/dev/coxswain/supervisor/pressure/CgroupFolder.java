package dev.coxswain.supervisor.pressure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where this process's control group of one controller is.
 *
 * @param unified whether it is in the one hierarchy of v2; else in the controller's own of v1
 * @param mount where the hierarchy begins
 * @param leaf the group of this process, {@code mount} or below it
 */
record CgroupFolder(boolean unified, Path mount, Path leaf) {
    /**
     * Reads {@code /proc/self/mountinfo} and {@code /proc/self/cgroup}; empty when neither hierarchy has the controller. Where
     * both are mounted, a controller that is in the old one is not in the new one.
     */
    static Optional<CgroupFolder> of(String controller, String mountinfo, String selfCgroup) {
        Optional<String> old = path(selfCgroup, controller);
        Optional<CgroupFolder> inOld = old.flatMap(path -> mount(mountinfo, "cgroup", controller)
                .map(mount -> mount.folder(false, path)));
        return inOld.or(() -> path(selfCgroup, "").flatMap(
                path -> mount(mountinfo, "cgroup2", "").map(mount -> mount.folder(true, path))));
    }

    /** This group and those above it, up to where the hierarchy begins for us. */
    List<Path> upwards() {
        List<Path> folders = new ArrayList<>();
        Path folder = leaf;
        while (folder != null && folder.startsWith(mount)) {
            folders.add(folder);
            folder = folder.getParent();
        }
        return folders;
    }

    private static Optional<String> path(String selfCgroup, String controller) {
        return selfCgroup.lines().map(line -> line.split(":", 3))
                .filter(parts -> parts.length == 3 && parts[2].startsWith("/")
                        && List.of(parts[1].split(",", -1)).contains(controller))
                .map(parts -> parts[2]).findFirst();
    }

    private static Optional<Mount> mount(String mountinfo, String type, String controller) {
        for (String line : mountinfo.lines().toList()) {
            int dash = line.indexOf(" - ");
            String[] fields = line.split(" ");
            String[] kind = dash < 0 ? new String[0] : line.substring(dash + 3).split(" ");
            if (fields.length >= 5 && kind.length >= 3 && kind[0].equals(type)
                    && (controller.isEmpty() || List.of(kind[2].split(",")).contains(controller))) {
                return Optional.of(new Mount(unescape(fields[4]), unescape(fields[3])));
            }
        }
        return Optional.empty();
    }

    /** Spaces and the like are octal in mountinfo. */
    private static String unescape(String field) {
        return field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\");
    }

    /**
     * One mounted hierarchy.
     *
     * @param point where it is mounted
     * @param root what of the hierarchy is mounted there: in a container the own group or one above it
     */
    private record Mount(String point, String root) {
        CgroupFolder folder(boolean unified, String path) {
            String inside = path;
            if (!root.equals("/") && (path.equals(root) || path.startsWith(root + "/"))) {
                inside = path.substring(root.length());
            }
            Path begin = Path.of(point).normalize();
            Path leaf = Path.of(point, inside).normalize();
            // a namespace may show a group outside of itself, as /../other
            return new CgroupFolder(unified, begin, leaf.startsWith(begin) ? leaf : begin);
        }
    }
}
