package dev.coxswain.supervisor.config;

import java.time.Duration;
import java.util.List;

import dev.coxswain.executors.kubernetes.KubernetesConfig;
import dev.coxswain.executors.kubernetes.PodLimits;
import dev.coxswain.executors.process.ProcessConfig;

/** {@code executors.NAME}. */
final class ExecutorKeys {
    static final String PROCESS = "process";
    static final String CONTAINER = "container";
    static final String KUBERNETES = "kubernetes";
    static final String BUBBLEWRAP = "bubblewrap";

    static final ConfigKey<String> KIND = ConfigKey.required("kind",
            Values.choice(List.of(PROCESS, CONTAINER, KUBERNETES), List.of()),
            "where commands run: child processes of this host, a container for each job, or a pod for each job");
    static final ConfigKey<String> SANDBOX = ConfigKey.preset("sandbox",
            Values.choice(List.of("none", BUBBLEWRAP), List.of()), "none",
            "process: what shuts commands in: `bubblewrap` lets them write to their job's folder alone, and see neither other processes nor the supervisor's files");
    static final ConfigKey<Integer> PARALLEL_STARTS = ConfigKey.preset("parallelStarts", Values.integer(1, 256),
            ProcessConfig.defaultParallelStarts(), "2 per core",
            "process: processes that are being started at once");
    static final ConfigKey<String> NAMESPACE = ConfigKey.optional("namespace", Values.NAMESPACE,
            "**required** by kubernetes", "kubernetes: where the pods are made");
    static final ConfigKey<String> IMAGE = ConfigKey.optional("image", Values.text(1, 512),
            "**required** by container and kubernetes",
            "container, kubernetes: image of the containers or pods; has a POSIX shell, coreutils, findutils and grep, or busybox");
    static final ConfigKey<String> SOCKET = ConfigKey.optional("socket", Values.FILE,
            "the first that is there of `$XDG_RUNTIME_DIR/podman/podman.sock`, `/run/podman/podman.sock`, `/var/run/docker.sock`",
            "container: where the engine listens, Docker or podman; an absolute path");
    static final ConfigKey<String> NETWORK = ConfigKey.optional("network", Values.text(1, 128), "the engine's",
            "container: network of the containers, such as `none`");
    static final ConfigKey<String> PULL = ConfigKey.preset("pull",
            Values.choice(List.of("missing", "never"), List.of()),
            "missing", "container: whether an image that the engine does not have is pulled");
    static final ConfigKey<Section> LIMITS = ConfigKey.optional("limits", new Shapes.Nested(Limits.ALL), "",
            "what a job may take");
    static final ConfigKey<Duration> READY_WITHIN = ConfigKey.preset("readyWithin",
            Values.duration(Duration.ofSeconds(1), Duration.ofHours(2)), KubernetesConfig.DEFAULT_READY_WITHIN,
            "how long a pod may take until commands can run in it, or a pull of a container's image; then the job fails with the reason");
    static final ConfigKey<Duration> LIFETIME = ConfigKey.preset("lifetime",
            Values.duration(Duration.ofMinutes(1), Duration.ofDays(30)), KubernetesConfig.DEFAULT_LIFETIME,
            "kubernetes: after which the cluster ends a pod by itself, whatever became of the supervisor; longer than any job");
    static final ConfigKey<String> SERVICE_ACCOUNT = ConfigKey.optional("serviceAccount", Values.SERVICE_ACCOUNT,
            "the namespace's", "kubernetes: account of the pods, for its pull secrets; they are given no token");
    static final ConfigKey<Integer> RUN_AS_USER = ConfigKey.optional("runAsUser", Values.integer(0, 999_999_999),
            "that of the image; of a container: whose the job's folder is",
            "container, kubernetes: user and group of the commands; in a container another than the supervisor's own only where that is root");
    /** The keys of each kind, but those of all. */
    static final List<ConfigKey<?>> OF_PROCESS = List.of(SANDBOX, PARALLEL_STARTS);
    static final List<ConfigKey<?>> OF_CONTAINER = List.of(IMAGE, SOCKET, NETWORK, PULL, READY_WITHIN, RUN_AS_USER);
    static final List<ConfigKey<?>> OF_KUBERNETES = List.of(NAMESPACE, IMAGE, READY_WITHIN, LIFETIME, SERVICE_ACCOUNT,
            RUN_AS_USER, PlacementKeys.NODE_SELECTOR, PlacementKeys.TOLERATIONS);
    static final ConfigKeys ALL = ConfigKeys.of(KIND, SANDBOX, PARALLEL_STARTS, NAMESPACE, IMAGE, SOCKET, NETWORK, PULL,
            LIMITS, READY_WITHIN, LIFETIME, SERVICE_ACCOUNT, RUN_AS_USER, PlacementKeys.NODE_SELECTOR,
            PlacementKeys.TOLERATIONS).decidedBy(KIND);

    private ExecutorKeys() {}

    /** {@code executors.NAME.limits}. */
    static final class Limits {
        static final ConfigKey<Long> CPU = ConfigKey.optional("cpu", Values.cpu(1, 1_000_000),
                "none, or the namespace's",
                "cores at most, each command of a process executor: `2` or `500m`; a pod is promised them");
        static final ConfigKey<Long> MEMORY = ConfigKey.optional("memory", Values.quantity(4 << 20, 64L << 40),
                "none, or the namespace's",
                "memory at most, each command of a process executor: `4Gi` or `4GiB`; a pod is promised it");
        static final ConfigKey<Integer> PIDS = ConfigKey.optional("pids", Values.integer(1, 4_194_304), "none",
                "container, process: processes and threads at most, of a command where it is a process");
        static final ConfigKey<Long> DISK = ConfigKey.preset("disk", Values.quantity(1 << 20, 64L << 40),
                PodLimits.DEFAULT_DISK_BYTES, SizeText.format(PodLimits.DEFAULT_DISK_BYTES),
                "kubernetes: what a job's folder may hold; the cluster evicts a pod that holds more");
        static final ConfigKeys ALL = ConfigKeys.of(CPU, MEMORY, PIDS, DISK);

        private Limits() {}
    }
}
