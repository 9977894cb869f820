package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Executor.Reaped;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.files.TreeRemoval;
import dev.coxswain.executors.files.WorkspaceFiles;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What a supervisor that died left under our work folder. A process is ours when its control group, its pid and start time,
 * or the marker in its environment says so; a pid alone never does.
 */
final class FormerLife {
    private static final Logger log = LoggerFactory.getLogger(FormerLife.class);
    private static final Duration UNKILLABLE_AFTER = Duration.ofMinutes(1);
    private static final int SELF = (int) ProcessHandle.current().pid();

    private final Host host;
    private final Set<Integer> killed = new HashSet<>();

    FormerLife(Host host) {
        this.host = host;
    }

    /** Ends it; fails with a {@link WorkspaceException} when processes stay alive or the records can't be read. */
    Mono<Reaped> reap() {
        Scheduler files = host.files();
        return Mono.fromCallable(this::round).filter(alive -> alive == 0)
                .repeatWhenEmpty(rounds -> rounds
                        .concatMap(round -> Mono.delay(Duration.ofMillis(20), host.timer()).publishOn(files)))
                .timeout(UNKILLABLE_AFTER, host.timer()).onErrorMap(TimeoutException.class,
                        e -> new WorkspaceException("processes of a former life can't be killed: " + killed, e))
                .then(Mono.fromCallable(this::remove)).subscribeOn(files);
    }

    /** One round of kills; how many were alive. */
    private int round() {
        Path workDir = host.workDir();
        Set<Integer> found = new HashSet<>();
        for (CgroupLeaf leaf : leaves()) {
            found.addAll(leaf.pids());
            leaf.kill();
        }
        Set<Integer> sessions = new HashSet<>();
        for (Records.Entry entry : entries()) {
            if (sameProcess(entry)) {
                sessions.add(entry.pid());
            }
        }
        if (!ProcTable.PRESENT) {
            return killWithoutTable(sessions);
        }
        for (ProcTable.Stat stat : ProcTable.all()) {
            if (stat.alive() && (sessions.contains(stat.pid()) || sessions.contains(stat.session()))) {
                found.add(stat.pid());
            }
        }
        found.addAll(marked(0, marker -> Path.of(marker).startsWith(workDir) && !Path.of(marker).equals(workDir)));
        found.remove(SELF);
        found.forEach(pid -> Signals.send(pid, Signals.KILL));
        killed.addAll(found);
        return found.size();
    }

    /** Whether the recorded process, dead or alive, still owns its pid. */
    private static boolean sameProcess(Records.Entry entry) {
        if (!ProcTable.PRESENT) {
            return ProcessHandle.of(entry.pid()).flatMap(handle -> handle.info().startInstant())
                    .filter(start -> start.toEpochMilli() == entry.start()).isPresent();
        }
        ProcTable.Stat stat = ProcTable.stat(entry.pid());
        return stat != null && stat.start() == entry.start();
    }

    private int killWithoutTable(Set<Integer> pids) {
        List<ProcessHandle> alive = new ArrayList<>();
        for (int pid : pids) {
            ProcessHandle.of(pid).filter(ProcessHandle::isAlive).ifPresent(handle -> {
                handle.descendants().forEach(alive::add);
                alive.add(handle);
            });
        }
        alive.forEach(handle -> {
            handle.destroyForcibly();
            killed.add((int) handle.pid());
        });
        return alive.size();
    }

    private Reaped remove() throws IOException {
        int workspaces = 0;
        for (String jobKey : host.records().jobKeys()) {
            if (TreeRemoval.remove(host.workDir().resolve(jobKey))) {
                host.records().end(jobKey);
                workspaces++;
            }
        }
        leaves().forEach(CgroupLeaf::remove);
        if (!killed.isEmpty() || workspaces > 0) {
            log.info("a former life left {} processes and {} workspaces in {}: ended and removed", killed.size(),
                    workspaces, host.workDir());
        }
        return new Reaped(killed.size(), workspaces);
    }

    /** Our own groups and those that the records name: after a move to another service unit they differ. */
    private Set<CgroupLeaf> leaves() {
        Cgroups groups = host.cgroups();
        Set<CgroupLeaf> leaves = new HashSet<>(groups == null ? List.of() : groups.leaves());
        for (Records.Entry entry : entries()) {
            String path = entry.cgroup();
            CgroupLeaf leaf = path == null ? null : CgroupLeaf.recorded(path, host.workDir());
            if (leaf != null) {
                leaves.add(leaf);
            }
        }
        return leaves;
    }

    private List<Records.Entry> entries() {
        List<Records.Entry> entries = new ArrayList<>();
        try {
            for (String jobKey : host.records().jobKeys()) {
                entries.addAll(host.records().entries(jobKey));
            }
        } catch (IOException e) {
            throw WorkspaceFiles.failure("cannot read what a former life recorded in " + host.workDir(), e);
        }
        return entries;
    }

    /** All processes whose workspace marker fits, of those that did not start before {@code since}. Blocks. */
    static Set<Integer> marked(long since, Predicate<String> workspace) {
        Set<Integer> found = new HashSet<>();
        for (ProcTable.Stat stat : ProcTable.all()) {
            String marker = stat.alive() && stat.pid() != SELF && stat.start() >= since
                    ? ProcTable.variable(stat.pid(), ProcessTree.WORKSPACE_MARKER)
                    : null;
            if (marker != null && workspace.test(marker)) {
                found.add(stat.pid());
            }
        }
        return found;
    }
}
