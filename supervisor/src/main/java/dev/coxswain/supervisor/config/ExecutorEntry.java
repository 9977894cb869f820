package dev.coxswain.supervisor.config;

import dev.coxswain.executors.container.ContainerConfig;
import dev.coxswain.executors.kubernetes.KubernetesConfig;
import dev.coxswain.executors.process.ProcessConfig;

/** One of {@code executors:}. */
public sealed interface ExecutorEntry {
    /** {@code kind: process}. */
    record ProcessExecutor(ProcessConfig config) implements ExecutorEntry {}

    /** {@code kind: container}. */
    record ContainerExecutor(ContainerConfig config) implements ExecutorEntry {}

    /** {@code kind: kubernetes}. */
    record KubernetesExecutor(KubernetesConfig config) implements ExecutorEntry {}
}
