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
        if (ExecutorKeys.KUBERNETES.equals(section.find(ExecutorKeys.KIND))) {
            refuse(section, ExecutorKeys.OF_PROCESS, ExecutorKeys.KUBERNETES);
            return new ExecutorEntry.KubernetesExecutor(kubernetes(section));
        }
        if (section.isWritten(ExecutorKeys.LIMITS)) {
            section.refuse(ExecutorKeys.LIMITS, "limits of kind process are not in this version",
                    "remove it: it would have no effect");
        }
        refuse(section, ExecutorKeys.OF_KUBERNETES, ExecutorKeys.PROCESS);
        return new ExecutorEntry.ProcessExecutor(new ProcessConfig(workDir, section.get(ExecutorKeys.PARALLEL_STARTS)));
    }

    /** A key of another kind would be without effect. */
    private static void refuse(Section section, List<ConfigKey<?>> keys, String kind) {
        keys.stream().filter(section::isWritten)
                .forEach(key -> section.refuse(key, "is no key of an executor of kind " + kind, null));
    }

    private KubernetesConfig kubernetes(Section section) {
        Section limits = section.below(ExecutorKeys.LIMITS);
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
