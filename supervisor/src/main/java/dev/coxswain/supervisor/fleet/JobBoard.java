package dev.coxswain.supervisor.fleet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.fleet.FleetControl.JobView;
import dev.coxswain.supervisor.fleet.FleetControl.Page;
import dev.coxswain.supervisor.logs.JobLog;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.JobProgress;
import dev.coxswain.supervisor.runner.JobRun;
import dev.coxswain.supervisor.runner.RunnerState;

/** The jobs that run, the leases of a former life that are being settled, and the newest ones that have ended. Safe from any thread. */
final class JobBoard {
    /** Ended jobs that are remembered. */
    static final int REMEMBERED = 1_000;

    private final Map<String, JobRun> running = new ConcurrentHashMap<>();
    private final Map<String, JobProgress> recovering = new ConcurrentHashMap<>();
    private final Deque<JobProgress> ended = new ArrayDeque<>();

    void started(JobRun run) {
        running.put(run.progress().key(), run);
    }

    void ended(JobRun run) {
        remember(run.progress());
        running.remove(run.progress().key());
    }

    /** A lease of a former life waits to be settled. */
    void recovers(JobProgress job) {
        recovering.put(job.key(), job);
    }

    /** It is settled. */
    void recovered(JobProgress job) {
        remember(job);
        recovering.remove(job.key());
    }

    private void remember(JobProgress job) {
        synchronized (ended) {
            ended.addFirst(job);
            if (ended.size() > REMEMBERED) {
                ended.removeLast();
            }
        }
    }

    /** What has its outcome and waits for its acknowledgement, of this life and of a former one. */
    List<JobProgress> settling() {
        return open().filter(job -> job.state() == RunnerState.SETTLING).toList();
    }

    private Stream<JobProgress> open() {
        return Stream.concat(running.values().stream().map(JobRun::progress), recovering.values().stream());
    }

    List<JobRun> running() {
        return List.copyOf(running.values());
    }

    /** Jobs that are leased or run; what is being settled may have no slot any more. */
    int runningCount() {
        return (int) running.values().stream().filter(run -> run.progress().state() != RunnerState.SETTLING).count();
    }

    @Nullable
    JobRun run(String key) {
        return running.get(key);
    }

    Optional<JobProgress> find(String key) {
        JobRun run = running.get(key);
        JobProgress open = run == null ? recovering.get(key) : run.progress();
        if (open != null) {
            return Optional.of(open);
        }
        synchronized (ended) {
            return ended.stream().filter(job -> job.key().equals(key)).findFirst();
        }
    }

    /** Open ones by age, then the ended ones, newest first. */
    Page<JobView> views(@Nullable String state, Search search, int page) {
        List<JobProgress> all = new ArrayList<>();
        open().sorted(Comparator.comparing(JobProgress::leasedAt)).forEach(all::add);
        Set<String> shown = all.stream().map(JobProgress::key).collect(Collectors.toSet());
        synchronized (ended) {
            ended.stream().filter(job -> !shown.contains(job.key())).forEach(all::add);
        }
        // only what is shown is made into a view: somebody may watch thousands of jobs, page by page
        Page<JobProgress> shownHere = Page.of(all.stream()
                .filter(job -> (state == null || state.equals(stateOf(job))) && matches(search, job)).toList(), page);
        return new Page<>(shownHere.items().stream().map(JobBoard::view).toList(), shownHere.page(),
                shownHere.pages(), shownHere.total());
    }

    private static boolean matches(Search search, JobProgress job) {
        JobEnd end = job.end();
        return search.finds(job.key(), job.jobId(), job.runner(), job.pool(), job.controlPlane(),
                end == null ? "" : end.result().label(), end == null ? "" : end.message());
    }

    private static String stateOf(JobProgress job) {
        return job.end() == null ? job.state().label() : "ended";
    }

    static JobView view(JobProgress job) {
        JobEnd end = job.end();
        JobLog log = job.log();
        return new JobView(job.key(), job.jobId(), job.controlPlane(), job.pool(), job.runner(),
                end == null ? job.state().label() : "ended", job.leasedAt(), job.runningSince(), job.uploadingSince(),
                job.settlingSince(), job.endedAt(),
                end == null ? null : end.result().label(),
                end == null || end.message().isEmpty() ? null : end.message(),
                job.fenceAt(), job.artifactsTotal(), job.artifactsDone(), log == null ? 0 : log.writtenBytes(),
                log == null ? 0 : log.droppedBytes());
    }
}
