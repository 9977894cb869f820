package dev.coxswain.executors.kubernetes;

import java.util.ArrayList;
import java.util.List;

import dev.coxswain.executors.WorkspaceException;

/**
 * Names of files in the workspace of a pod.
 *
 * @param root absolute path of the workspace in the pod
 */
record PodPaths(String root) {
    private static final int SHOWN = 200;

    /** The parts of a path, none of which is empty or leads upwards. */
    static List<String> parts(String relative) {
        if (relative.indexOf('\0') >= 0) {
            throw new WorkspaceException("not a path: " + printable(relative));
        }
        if (relative.startsWith("/")) {
            throw new WorkspaceException("an absolute path is not allowed: " + printable(relative));
        }
        List<String> parts = new ArrayList<>();
        for (String part : relative.split("/", -1)) {
            if (part.equals("..")) {
                throw new WorkspaceException("the path leaves the workspace: " + printable(relative));
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** The path without what means nothing in it; empty for the workspace itself. */
    static String normal(String relative) {
        return String.join("/", parts(relative));
    }

    /** The parts of the path of a file, of which there must be one. */
    static List<String> file(String relative) {
        List<String> parts = parts(relative);
        if (parts.isEmpty()) {
            throw new WorkspaceException("not the name of a file or folder: " + printable(relative));
        }
        return parts;
    }

    String absolute(String relative) {
        String path = normal(relative);
        return path.isEmpty() ? root : root + "/" + path;
    }

    static String printable(String relative) {
        String shown = relative.length() > SHOWN ? relative.substring(0, SHOWN) + "…" : relative;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
