package dev.coxswain.executors.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;

/** A container of a {@link FakeEngine}: processes of this host. */
final class FakeContainer {
    final String name;
    final JsonNode form;
    final Set<Process> processes = ConcurrentHashMap.newKeySet();
    volatile boolean running;
    volatile boolean outOfMemory;

    FakeContainer(String name, JsonNode form) {
        this.name = name;
        this.form = form;
    }

    /**
     * Ends everything in it, as the end of a container does. Of this host's processes only those that it started itself, and
     * those whose environment names its workspace. Blocks.
     */
    void end() {
        running = false;
        processes.forEach(Process::destroyForcibly);
        String marker = "\0COX_WORKSPACE=" + form.path("HostConfig").path("Binds").path(0).asString().split(":", -1)[0]
                + "\0";
        try (Stream<ProcessHandle> every = ProcessHandle.allProcesses()) {
            every.filter(process -> environment(process.pid()).contains(marker))
                    .forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static String environment(long pid) {
        try {
            return "\0" + Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException | UncheckedIOException e) {
            // it has ended, or is nobody's of ours
            return "";
        }
    }
}
