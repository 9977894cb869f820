package dev.coxswain.executors.container;

import java.nio.file.Path;

import dev.coxswain.executors.Limits;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What an engine is asked to make for a job: a shell that waits, the job's folder, and as few rights as there are. */
final class ContainerForm {
    private static final long NANOS_OF_MILLI = 1_000_000;

    private ContainerForm() {}

    /**
     * @param user whose the folder is, as the container sees it
     * @param root the workspace, here and in there
     * @param marks readable only
     */
    static ObjectNode of(Engine engine, ContainerConfig config, ContainerNames names, String jobKey, String user,
            Path root, Path marks) {
        ObjectNode form = engine.object().put("Image", config.image()).put("User", user)
                .put("WorkingDir", root.toString());
        form.putArray("Entrypoint").add("/bin/sh").add("-c");
        form.putArray("Cmd").add(CommandPrograms.idle(names.container(jobKey)));
        ObjectNode labels = form.putObject("Labels");
        names.labels(config.supervisor(), jobKey).forEach(labels::put);
        ObjectNode host = form.putObject("HostConfig");
        // of this container alone, where the host labels files
        ArrayNode binds = host.putArray("Binds");
        binds.add(root + ":" + root + ":Z").add(marks + ":" + marks + ":ro,Z");
        host.putArray("CapDrop").add("ALL");
        host.putArray("SecurityOpt").add("no-new-privileges");
        if (config.network() != null) {
            host.put("NetworkMode", config.network());
        }
        limits(host, config.limits());
        return form;
    }

    private static void limits(ObjectNode host, Limits limits) {
        if (limits.cpuMillis() > 0) {
            host.put("NanoCpus", limits.cpuMillis() * NANOS_OF_MILLI);
        }
        if (limits.memoryBytes() > 0) {
            // with swap it would hold twice as much
            host.put("Memory", limits.memoryBytes()).put("MemorySwap", limits.memoryBytes());
        }
        if (limits.pids() > 0) {
            host.put("PidsLimit", limits.pids());
        }
    }
}
