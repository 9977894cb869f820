package dev.coxswain.supervisor;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Limits;
import dev.coxswain.executors.function.FunctionConfig;
import dev.coxswain.executors.function.FunctionWorkload;
import dev.coxswain.executors.function.Language;
import dev.coxswain.executors.function.Runtimes;
import dev.coxswain.supervisor.coderunner.CoderunnerConfig;
import dev.coxswain.supervisor.coderunner.CoderunnerServer;
import dev.coxswain.supervisor.coderunner.HostSize;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.config.WorkloadEntry;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.coderunner.ExecutionQueue;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a supervisor has of a Coderunner of its own: the server, if its configuration names one, and the workloads of its
 * pools. The server outlives the fleet, since runners settle with it.
 */
final class Functions {
    private static final Logger LOG = LoggerFactory.getLogger(Functions.class);

    private final Map<String, String> environment;
    private final JsonMapper mapper;
    private final Scheduler files;
    private final Meters meters;
    private final ConnectionProvider.MeterRegistrar pools;
    private final Map<String, PoolFunctionMeters> poolMeters = new HashMap<>();
    private final Map<Key, FunctionWorkload> workloads = new HashMap<>();
    private final Map<List<String>, Runtimes> runtimes = new HashMap<>();
    private final Disposable.Swap draining = Disposables.swap();
    private @Nullable CoderunnerServer server;

    /** A pool's workload is kept over a reload that does not touch it, with its processes. */
    private record Key(String pool, WorkloadEntry.Function entry, Executor executor) {}

    /**
     * @param files bounded; may block
     * @param pools told of connections to services
     */
    Functions(Map<String, String> environment, JsonMapper mapper, Scheduler files, Meters meters,
            ConnectionProvider.MeterRegistrar pools) {
        this.pools = pools;
        this.environment = environment;
        this.mapper = mapper;
        this.files = files;
        this.meters = meters;
    }

    /**
     * Makes the server of this configuration, if it has one; emits nothing and listens nowhere. Looks for the languages of
     * this host, so it blocks.
     *
     * @param executor where dependencies are installed
     */
    @Nullable
    ExecutionQueue serve(FleetFile config, Executor executor, HttpClient http, FleetClock clock) {
        CoderunnerConfig served = config.served().values().stream().findFirst().orElse(null);
        if (served == null) {
            return null;
        }
        WorkloadEntry.Function pool = config.pools().stream()
                .map(each -> each.workload() instanceof WorkloadEntry.Function function ? function : null)
                .filter(each -> each != null).findFirst()
                .orElse(new WorkloadEntry.Function(FunctionConfig.DEFAULTS, List.of()));
        CoderunnerConfig limited = new CoderunnerConfig(served.name(), served.host(), served.port(),
                served.publicUrl(), served.auth(), served.publicEndpoints(), served.trustedProxies(),
                served.limits().withTimeouts(pool.config().timeout(), pool.config().jobTimeout()));
        Path stateDir = config.stateDir();
        CoderunnerServer made = new CoderunnerServer(limited, stateDir, runtimes(pool.dotnet()), executor, environment,
                http,
                HostSize.ofThisMachine(), clock, Schedulers.parallel(), Schedulers.parallel(), remarks(executor),
                pools);
        server = made;
        meters.gauge(FleetMeters.FUNCTION_EXECUTIONS_WAITING, made::waiting, served.name());
        return made.queue();
    }

    /** How the limits of a deployment are kept here (contract coderunner 8). */
    private static List<String> remarks(Executor executor) {
        Set<Limits.Kind> held = executor.holds();
        return List.of(held.contains(Limits.Kind.MEMORY)
                ? "memory is held to its limit by a control group"
                : "memory is held to its limit by the language's own, and by a look at each process twice a second: no control"
                        + " group can be had for it",
                held.contains(Limits.Kind.CPU)
                        ? "CPU is held to its limit by a control group"
                        : "CPU is a weight and no limit: no control group can be had for it");
    }

    /** The workload of this pool. */
    synchronized FunctionWorkload workload(String pool, WorkloadEntry.Function entry, Executor executor) {
        PoolFunctionMeters counted = poolMeters.computeIfAbsent(pool, first -> new PoolFunctionMeters(meters, pool));
        return workloads.computeIfAbsent(new Key(pool, entry, executor),
                missing -> counted.cover(new FunctionWorkload(entry.config(), runtimes(entry.dotnet()), executor,
                        mapper, files, Schedulers.parallel(), counted)));
    }

    private synchronized Runtimes runtimes(List<String> dotnet) {
        return runtimes.computeIfAbsent(dotnet, command -> Runtimes.look(environment,
                command.isEmpty() ? Map.of() : Map.of(Language.DOTNET_SCRIPT, command)));
    }

    /** Listens, and takes up what a former life left; emits the address, or nothing where there is no server. */
    Mono<URI> start() {
        CoderunnerServer made = server;
        return made == null ? Mono.empty() : made.start();
    }

    /** Takes nothing new from then on; runs go on. */
    void drainAfter(Mono<Void> drain) {
        CoderunnerServer made = server;
        if (made != null) {
            draining.update(drain.then(Mono.defer(made::drain)).subscribe(done -> {},
                    failure -> LOG.warn("the Coderunner server could not be drained", failure)));
        }
    }

    /** Ends processes that are kept. Never fails. */
    Mono<Void> endWorkloads() {
        return Flux.defer(() -> {
            synchronized (this) {
                return Flux.fromIterable(new ArrayList<>(workloads.values()));
            }
        }).flatMap(FunctionWorkload::end).then();
    }

    /** Ends the server. */
    Mono<Void> stop() {
        return Mono.defer(() -> {
            draining.dispose();
            CoderunnerServer made = server;
            return made == null ? Mono.empty() : made.stop();
        });
    }
}
