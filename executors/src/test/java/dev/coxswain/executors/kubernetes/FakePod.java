package dev.coxswain.executors.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Pod;
import reactor.netty.DisposableChannel;

/** A pod of a {@link FakeCluster}: its volume is a folder of this host, at the very path where the pod mounts it. */
final class FakePod {
    private final Path mount;
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();
    final Set<DisposableChannel> connections = ConcurrentHashMap.newKeySet();
    volatile Pod pod;

    FakePod(Pod pod) {
        this.pod = pod;
        this.mount = Path.of(pod.getSpec().getContainers().getFirst().getVolumeMounts().getFirst().getMountPath());
    }

    String name() {
        return pod.getMetadata().getName();
    }

    /** Starts what an exec asks for, with the environment of a container and nothing of this process's. Blocks. */
    Process exec(java.util.List<String> command) throws IOException {
        Files.createDirectories(mount);
        ProcessBuilder builder = new ProcessBuilder(command).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOSTNAME", name());
        builder.environment().put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        Process process = builder.start();
        processes.removeIf(ended -> !ended.isAlive());
        processes.add(process);
        return process;
    }

    /**
     * Ends everything in it, as the end of a container does, and removes its volume. Of this host's processes only those
     * that it started itself, and those whose environment names a folder of its volume. Blocks.
     */
    void end() throws IOException {
        processes.forEach(Process::destroyForcibly);
        byte[] job = ("COX_WORKSPACE=" + mount + "/" + pod.getMetadata().getAnnotations().get(PodNames.JOB_KEY) + "\0")
                .getBytes(StandardCharsets.UTF_8);
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            all.filter(process -> holds(process.pid(), job)).forEach(ProcessHandle::destroyForcibly);
        }
        Path root = mount.resolve(pod.getMetadata().getAnnotations().get(PodNames.JOB_KEY));
        if (Files.exists(root)) {
            try (Stream<Path> left = Files.walk(root)) {
                left.filter(path -> Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)).forEach(path -> {
                    try {
                        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
            }
            LocalCopies.remove(root);
        }
    }

    private static boolean holds(long pid, byte[] variable) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
            return ("\0" + new String(environment, StandardCharsets.ISO_8859_1))
                    .contains("\0" + new String(variable, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // it has ended, or is nobody's of ours
            return false;
        }
    }
}
