package dev.coxswain.executors.container;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where engines listen when nobody says where. */
final class EngineSocket {
    private EngineSocket() {}

    /** The first of the usual places that is there, else the first of them. Looks at the file system. */
    static Path usual(Map<String, String> environment) {
        List<Path> places = places(environment);
        return places.stream().filter(Files::exists).findFirst().orElse(places.getFirst());
    }

    /** A user's own podman, the host's podman, the host's Docker. */
    static List<Path> places(Map<String, String> environment) {
        List<Path> places = new ArrayList<>();
        String runtime = environment.get("XDG_RUNTIME_DIR");
        if (runtime != null && runtime.startsWith("/")) {
            places.add(Path.of(runtime, "podman", "podman.sock"));
        }
        places.add(Path.of("/run/podman/podman.sock"));
        places.add(Path.of("/var/run/docker.sock"));
        return places;
    }
}
