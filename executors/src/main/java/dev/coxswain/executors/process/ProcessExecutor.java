package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Limits;
import dev.coxswain.executors.Opening;
import dev.coxswain.executors.OwnedExecutor;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Runs commands as child processes of this host. Each gets a session of its own and, where this host lets us, a control
 * group, so that it can be stopped with everything it started, and found again after a crash. A running command costs no
 * thread of ours; the JDK keeps one small thread for each, which waits for its end.
 */
public final class ProcessExecutor implements OwnedExecutor {
    private static final Logger log = LoggerFactory.getLogger(ProcessExecutor.class);
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    /** Calls that may wait for a thread; more than any fleet has slots. */
    private static final int QUEUED = 100_000;
    private static final int IDLE_SECONDS = 60;

    private final Host host;
    private final Set<ProcessWorkspace> open = ConcurrentHashMap.newKeySet();

    /**
     * @param hostEnvironment the supervisor's environment; commands see its PATH, LANG and TZ and nothing else
     * @param timer for grace and time limits; not disposed by {@link #close()}
     */
    public ProcessExecutor(ProcessConfig config, Map<String, String> hostEnvironment, Scheduler timer) {
        this(config, hostEnvironment, timer, Cgroups::of, Spawner::ofHost);
    }

    /**
     * @param cgroups made for the folder of all workspaces; null for sessions alone, as on a host that refuses control groups
     * @param spawner made for a PATH
     */
    ProcessExecutor(ProcessConfig config, Map<String, String> hostEnvironment, Scheduler timer,
            Function<Path, @Nullable Cgroups> cgroups, Function<String, Spawner> spawner) {
        Path workDir = realPath(config.workDir());
        Cgroups groups = cgroups.apply(workDir);
        Scheduler files = elastic(Math.max(4, CORES), "cox-files");
        host = new Host(workDir, elastic(config.parallelStarts(), "cox-start"), files, elastic(2, "cox-signals"),
                elastic(CORES, "cox-pipes"),
                timer, new Records(workDir), config.limits(), new MemoryWatch(files, timer), groups,
                new Launch(hostEnvironment, spawner, config.sandbox()), new Sweeps(files, timer), new AtomicInteger());
        Set<Limits.Kind> loose = EnumSet.noneOf(Limits.Kind.class);
        loose.addAll(config.limits().kinds());
        loose.removeAll(holds());
        if (!loose.isEmpty()) {
            log.warn(
                    "this host can't hold commands to their limits of {}: memory is looked at twice a second, a share of the"
                            + " CPU is a weight, processes have no limit; `cox doctor` tells more",
                    loose.stream().map(kind -> kind.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")));
        }
    }

    @Override
    public Set<Limits.Kind> holds() {
        Cgroups groups = host.cgroups();
        return groups == null ? Set.of() : groups.held();
    }

    private static Scheduler elastic(int threads, String name) {
        return Schedulers.newBoundedElastic(threads, QUEUED, name, IDLE_SECONDS, true);
    }

    /** Without links as far as it exists, so that markers and groups are named alike in every life. */
    private static Path realPath(Path workDir) {
        Path absolute = workDir.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            return parent == null ? absolute : realPath(parent).resolve(absolute.getFileName());
        }
    }

    @Override
    public String kind() {
        return "process";
    }

    @Override
    public int running() {
        return host.running().get();
    }

    @Override
    public Mono<Workspace> open(String jobKey) {
        return Opening.on(host.files(), () -> {
            ProcessWorkspace workspace = ProcessWorkspace.make(host, jobKey, open::remove);
            open.add(workspace);
            return workspace;
        }, ProcessWorkspace::discard);
    }

    @Override
    public Mono<Reaped> reap() {
        return Mono.defer(() -> new FormerLife(host).reap());
    }

    @Override
    public Mono<Void> retire() {
        return host.disposeGracefully();
    }

    @Override
    public void close() {
        open.forEach(ProcessWorkspace::abandon);
        host.dispose();
    }
}
