package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Limits;
import dev.coxswain.executors.container.ContainerConfig;
import dev.coxswain.executors.kubernetes.KubernetesConfig;
import dev.coxswain.executors.kubernetes.PodLimits;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.supervisor.config.FleetKeys.Root;

/** Makes {@code executors}. */
final class ExecutorsAssembler {
    private final Path stateDir;
    private final Path workDir;
    private final String supervisor;

    /** @param supervisor its name */
    ExecutorsAssembler(Path stateDir, Path workDir, String supervisor) {
        this.stateDir = stateDir;
        this.workDir = workDir;
        this.supervisor = supervisor;
    }

    /** By name, in the order of the file; one for processes alone when the file has none. */
    Map<String, ExecutorEntry> assemble(Section root) {
        Map<String, ExecutorEntry> executors = new LinkedHashMap<>();
        if (!root.isWritten(Root.EXECUTORS)) {
            executors.put(FleetKeys.DEFAULT_EXECUTOR, new ExecutorEntry.ProcessExecutor(
                    new ProcessConfig(workDir, ProcessConfig.defaultParallelStarts())));
            return executors;
        }
        Map<String, Section> sections = root.find(Root.EXECUTORS);
        if (sections == null) {
            return executors;
        }
        if (sections.isEmpty()) {
            root.refuse(Root.EXECUTORS, "names no executor", "remove the key for the default");
        }
        sections.forEach((name, section) -> executors.put(name, executor(section)));
        return executors;
    }

    private ExecutorEntry executor(Section section) {
        if (ExecutorKeys.CONTAINER.equals(section.find(ExecutorKeys.KIND))) {
            refuseOthers(section, ExecutorKeys.OF_CONTAINER, ExecutorKeys.CONTAINER);
            return new ExecutorEntry.ContainerExecutor(container(section));
        }
        if (ExecutorKeys.KUBERNETES.equals(section.find(ExecutorKeys.KIND))) {
            refuseOthers(section, ExecutorKeys.OF_KUBERNETES, ExecutorKeys.KUBERNETES);
            return new ExecutorEntry.KubernetesExecutor(kubernetes(section));
        }
        refuseOthers(section, ExecutorKeys.OF_PROCESS, ExecutorKeys.PROCESS);
        Section limits = section.below(ExecutorKeys.LIMITS);
        refuseLimit(limits, ExecutorKeys.Limits.DISK, ExecutorKeys.PROCESS);
        return new ExecutorEntry.ProcessExecutor(new ProcessConfig(workDir, section.get(ExecutorKeys.PARALLEL_STARTS),
                limits(limits),
                ExecutorKeys.BUBBLEWRAP.equals(section.get(ExecutorKeys.SANDBOX))
                        ? new ProcessConfig.Sandbox(List.of(stateDir))
                        : null));
    }

    private static Limits limits(Section limits) {
        Integer pids = limits.find(ExecutorKeys.Limits.PIDS);
        return new Limits(orZero(limits.find(ExecutorKeys.Limits.CPU)),
                orZero(limits.find(ExecutorKeys.Limits.MEMORY)), pids == null ? 0 : pids);
    }

    private static void refuseLimit(Section limits, ConfigKey<?> key, String kind) {
        if (limits.isWritten(key)) {
            limits.refuse(key, "is no limit of an executor of kind " + kind, null);
        }
    }

    /** The same, with nothing of these files to be seen where commands are shut in. */
    static Map<String, ExecutorEntry> hiding(Map<String, ExecutorEntry> executors, List<Path> files) {
        Map<String, ExecutorEntry> hiding = new LinkedHashMap<>();
        executors.forEach((name, entry) -> hiding.put(name, switch (entry) {
            case ExecutorEntry.ProcessExecutor(var process) -> new ExecutorEntry.ProcessExecutor(process.hiding(files));
            case ExecutorEntry.ContainerExecutor containers -> containers;
            case ExecutorEntry.KubernetesExecutor pods -> pods;
        }));
        return hiding;
    }

    /** A key of another kind would be without effect. */
    private static void refuseOthers(Section section, List<ConfigKey<?>> own, String kind) {
        Stream.of(ExecutorKeys.OF_PROCESS, ExecutorKeys.OF_CONTAINER, ExecutorKeys.OF_KUBERNETES).flatMap(List::stream)
                .distinct().filter(key -> !own.contains(key)).filter(section::isWritten)
                .forEach(key -> section.refuse(key, "is no key of an executor of kind " + kind, null));
    }

    private KubernetesConfig kubernetes(Section section) {
        Section limits = section.below(ExecutorKeys.LIMITS);
        refuseLimit(limits, ExecutorKeys.Limits.PIDS, ExecutorKeys.KUBERNETES);
        Integer user = section.find(ExecutorKeys.RUN_AS_USER);
        return new KubernetesConfig(needed(section, ExecutorKeys.NAMESPACE), needed(section, ExecutorKeys.IMAGE),
                new PodLimits(orZero(limits.find(ExecutorKeys.Limits.CPU)),
                        orZero(limits.find(ExecutorKeys.Limits.MEMORY)),
                        limits.get(ExecutorKeys.Limits.DISK)),
                section.get(ExecutorKeys.READY_WITHIN), section.get(ExecutorKeys.LIFETIME),
                section.find(ExecutorKeys.SERVICE_ACCOUNT), user == null ? null : Long.valueOf(user),
                PlacementAssembler.assemble(section), supervisor,
                stateDir,
                workDir);
    }

    private ContainerConfig container(Section section) {
        Section limits = section.below(ExecutorKeys.LIMITS);
        if (limits.isWritten(ExecutorKeys.Limits.DISK)) {
            limits.refuse(ExecutorKeys.Limits.DISK, "is no limit of an executor of kind container",
                    "a job's folder lies in supervisor.workDir: give that a file system of its own");
        }
        String socket = section.find(ExecutorKeys.SOCKET);
        if (socket != null && !Path.of(socket).isAbsolute()) {
            section.refuse(ExecutorKeys.SOCKET, "is no absolute path", "write for example /run/podman/podman.sock");
        }
        return new ContainerConfig(needed(section, ExecutorKeys.IMAGE), socket == null ? null : Path.of(socket),
                section.find(ExecutorKeys.NETWORK),
                section.get(ExecutorKeys.PULL).equals("never")
                        ? ContainerConfig.Pull.NEVER
                        : ContainerConfig.Pull.MISSING,
                section.find(ExecutorKeys.RUN_AS_USER), section.get(ExecutorKeys.READY_WITHIN),
                limits(limits), supervisor, stateDir, workDir);
    }

    private static String needed(Section section, ConfigKey<String> key) {
        if (!section.isWritten(key) && !section.isBroken()) {
            section.refuse(key, "is missing", key.meaning());
        }
        return Objects.requireNonNullElse(section.find(key), "");
    }

    private static long orZero(@Nullable Long amount) {
        return amount == null ? 0 : amount;
    }
}
