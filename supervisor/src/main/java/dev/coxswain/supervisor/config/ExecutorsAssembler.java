package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.kubernetes.KubernetesConfig;
import dev.coxswain.executors.kubernetes.PodLimits;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.supervisor.config.FleetKeys.Executor;
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
        if (FleetKeys.KUBERNETES.equals(section.find(Executor.KIND))) {
            refuse(section, Executor.OF_PROCESS, FleetKeys.KUBERNETES);
            return new ExecutorEntry.KubernetesExecutor(kubernetes(section));
        }
        if (section.isWritten(Executor.LIMITS)) {
            section.refuse(Executor.LIMITS, "limits of kind process are not in this version",
                    "remove it: it would have no effect");
        }
        refuse(section, Executor.OF_KUBERNETES, FleetKeys.PROCESS);
        return new ExecutorEntry.ProcessExecutor(new ProcessConfig(workDir, section.get(Executor.PARALLEL_STARTS)));
    }

    /** A key of another kind would be without effect. */
    private static void refuse(Section section, List<ConfigKey<?>> keys, String kind) {
        keys.stream().filter(section::isWritten)
                .forEach(key -> section.refuse(key, "is no key of an executor of kind " + kind, null));
    }

    private KubernetesConfig kubernetes(Section section) {
        Section limits = section.below(Executor.LIMITS);
        Integer user = section.find(Executor.RUN_AS_USER);
        return new KubernetesConfig(needed(section, Executor.NAMESPACE), needed(section, Executor.IMAGE),
                new PodLimits(orZero(limits.find(FleetKeys.Limits.CPU)), orZero(limits.find(FleetKeys.Limits.MEMORY)),
                        limits.get(FleetKeys.Limits.DISK)),
                section.get(Executor.READY_WITHIN), section.get(Executor.LIFETIME),
                section.find(Executor.SERVICE_ACCOUNT), user == null ? null : Long.valueOf(user), supervisor, stateDir,
                workDir);
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
