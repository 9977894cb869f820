package dev.coxswain.supervisor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Workload;
import dev.coxswain.executors.actions.ActionsWorkload;
import dev.coxswain.executors.container.ContainerExecutor;
import dev.coxswain.executors.flutter.FlutterWorkload;
import dev.coxswain.executors.kubernetes.KubernetesExecutor;
import dev.coxswain.executors.pipeline.PipelineWorkload;
import dev.coxswain.executors.process.ProcessExecutor;
import dev.coxswain.executors.responses.ResponsesConfig;
import dev.coxswain.executors.responses.ResponsesWorkload;
import dev.coxswain.executors.signing.AndroidSigning;
import dev.coxswain.supervisor.config.ExecutorEntry;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.config.PoolConfig;
import dev.coxswain.supervisor.config.WorkloadEntry;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.fleet.FleetPlan;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.logs.LogOpener;
import dev.coxswain.supervisor.logs.SecretSet;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.JobTraces;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerMeters;
import dev.coxswain.supervisor.runner.RunnerServices;
import dev.coxswain.supervisor.runner.Slots;
import dev.coxswain.supervisor.upload.Uploads;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes what the configuration names: control planes, executors, pools and their runners; again at each reload, where
 * what has not changed is kept. One call at a time.
 */
final class Assembly {
    /** What all of them share, and a reload does not touch. */
    record Shared(Meters meters, Protocols protocols, Journal journal, LogOpener logs, Uploads uploads,
            Scheduler leaseTimer, FleetClock clock, JsonMapper mapper, HttpClient models,
            Map<String, String> environment, Functions functions, JobTraces traces) {}

    /** A pool's model workload: kept over a reload that does not touch it, with its bound and what it found out. */
    private record ModelPool(String pool, ResponsesConfig config) {}

    /** Of tokens besides a job's own; what finds them takes about 130 bytes for each character. */
    private static final int MAX_TOKEN_CHARS = 64 << 10;

    private static final int TOOL_THREADS = 4;
    /** Far more than there are slots. */
    private static final int MOST_WAITING = 100_000;

    private final Shared shared;
    /** Looks for tools of the host and takes archives apart, for builds. */
    private final Scheduler tools = Schedulers.newBoundedElastic(TOOL_THREADS, MOST_WAITING, "tools", 60, true);
    private final Instant startedAt;
    private final Map<ControlPlaneConfig, ControlPlane> planes = new LinkedHashMap<>();
    private final Map<ExecutorEntry, KeptExecutor> executors = new LinkedHashMap<>();
    private final Map<ModelPool, ResponsesWorkload> models = new HashMap<>();
    /** One for each pool that ever had such a workload: jobs of a former configuration count too. */
    private final Map<String, PoolModelMeters> modelMeters = new HashMap<>();
    /** Those of former configurations too: jobs that began with them go on. */
    private final List<KeptExecutor> made = new CopyOnWriteArrayList<>();

    Assembly(Shared shared) {
        this.shared = shared;
        this.startedAt = shared.clock().now();
        shared.meters().gauge(FleetMeters.PROCESSES, () -> made.stream().mapToInt(KeptExecutor::running).sum());
    }

    /** The fleet that this configuration describes, with new runners. Starts nothing. */
    FleetPlan plan(FleetFile config) {
        shared.protocols().describe(config);
        planes.keySet().retainAll(config.controlPlanes().values());
        config.controlPlanes().values().forEach(this::plane);
        retireExecutors(config);
        models.keySet().retainAll(config.pools().stream()
                .map(pool -> pool.workload() instanceof WorkloadEntry.Responses(var responses)
                        ? new ModelPool(pool.name(), responses)
                        : null)
                .filter(Objects::nonNull).toList());
        List<FleetPlan.PoolPlan> pools = new ArrayList<>();
        SecretSet secrets = secrets(config);
        for (PoolConfig pool : config.pools()) {
            RunnerServices services = services(config, pool, secrets);
            pools.add(new FleetPlan.PoolPlan(pool.name(), pool.controlPlane(), pool.weight(), services,
                    pool.credentials().stream().map(credential -> new Runner(services, credential)).toList()));
        }
        return new FleetPlan(config.name(), Version.current(), startedAt,
                List.copyOf(config.controlPlanes().values()), pools);
    }

    /**
     * What no job's log may show, besides the token of the job's own runner: all secrets of the configuration, but the other
     * runners' tokens only as long as they are few. No job is told of them, and hiding them costs memory for each.
     */
    static SecretSet secrets(FleetFile config) {
        if (SecretSet.chars(config.secrets()) <= MAX_TOKEN_CHARS) {
            return new SecretSet(config.secrets());
        }
        Set<Secret> others = new LinkedHashSet<>(config.secrets());
        config.pools().forEach(pool -> pool.credentials().forEach(runner -> others.remove(runner.token())));
        return new SecretSet(others);
    }

    /** What each pool may take of the slots. */
    static List<Slots.PoolShare> shares(FleetFile config) {
        return config.pools().stream()
                .map(pool -> new Slots.PoolShare(pool.name(), pool.minSlots(), pool.maxSlots())).toList();
    }

    /** Where the pools of a control plane that is served here run their commands. */
    Executor executorOfFunctions(FleetFile config) {
        return config.pools().stream().filter(pool -> config.served().containsKey(pool.controlPlane())).findFirst()
                .map(pool -> executor(known(config.executors(), pool.executor())))
                .orElseGet(() -> executor(config.executors().values().iterator().next()));
    }

    /** Where commands run now. */
    List<Executor> executors() {
        return List.copyOf(made);
    }

    /** Ends the executors, those of former configurations too. */
    void close() {
        made.forEach(KeptExecutor::close);
        tools.dispose();
    }

    /** They stay in the list, small as they are then: a lease request that is under way may still bring a job for them. */
    private void retireExecutors(FleetFile config) {
        executors.forEach((entry, executor) -> {
            if (!config.executors().containsValue(entry)) {
                executor.retire();
            }
        });
        executors.keySet().retainAll(config.executors().values());
    }

    private RunnerServices services(FleetFile config, PoolConfig pool, SecretSet secrets) {
        Executor executor = executor(known(config.executors(), pool.executor()));
        return new RunnerServices(pool.name(), pool.slotsPerRunner(),
                plane(known(config.controlPlanes(), pool.controlPlane())),
                pool.executor(), executor, workload(pool, executor),
                shared.journal(), shared.logs(), shared.uploads(), secrets, shared.clock(),
                shared.leaseTimer(), () -> ThreadLocalRandom.current().nextDouble(),
                new RunnerMeters(shared.meters(), pool.controlPlane(), pool.name()), shared.traces());
    }

    private ControlPlane plane(ControlPlaneConfig config) {
        return planes.computeIfAbsent(config, missing -> {
            shared.uploads().announce(missing.name());
            return shared.protocols().open(missing);
        });
    }

    private Executor executor(ExecutorEntry entry) {
        return executors.computeIfAbsent(entry, missing -> {
            KeptExecutor opened = switch (missing) {
                case ExecutorEntry.ProcessExecutor(var process) -> new KeptExecutor(
                        "process", () -> new ProcessExecutor(process, shared.environment(), Schedulers.parallel()));
                case ExecutorEntry.ContainerExecutor(var containers) -> new KeptExecutor("container",
                        () -> new ContainerExecutor(containers, shared.environment(), Schedulers.parallel()));
                case ExecutorEntry.KubernetesExecutor(var pods) -> new KeptExecutor(
                        "kubernetes", () -> new KubernetesExecutor(pods, shared.environment(), Schedulers.parallel()));
            };
            made.add(opened);
            return opened;
        });
    }

    private Workload workload(PoolConfig pool, Executor executor) {
        return switch (pool.workload()) {
            case WorkloadEntry.Pipeline(var pipeline) ->
                new PipelineWorkload(pipeline, shared.environment(), shared.mapper());
            case WorkloadEntry.Flutter(var flutter) -> new FlutterWorkload(flutter, shared.environment(),
                    shared.mapper(), new FlutterSigning(new AndroidSigning(shared.environment(),
                            flutter.androidHome(), shared.mapper(), tools)),
                    tools, Schedulers.parallel());
            case WorkloadEntry.Function function -> shared.functions().workload(pool.name(), function, executor);
            case WorkloadEntry.Actions() -> new ActionsWorkload(shared.mapper(), tools, Schedulers.parallel());
            case WorkloadEntry.Responses(var responses) -> models.computeIfAbsent(
                    new ModelPool(pool.name(), responses),
                    missing -> new ResponsesWorkload(responses, shared.models(), shared.mapper(),
                            Schedulers.parallel(), () -> ThreadLocalRandom.current().nextDouble(),
                            shared.clock()::nanos, modelMeters.computeIfAbsent(pool.name(),
                                    first -> new PoolModelMeters(shared.meters(), pool.name()))));
        };
    }

    private static <T> T known(Map<String, T> all, String name) {
        T found = all.get(name);
        if (found == null) {
            throw new IllegalArgumentException("the configuration let through an unknown name: " + name);
        }
        return found;
    }
}
