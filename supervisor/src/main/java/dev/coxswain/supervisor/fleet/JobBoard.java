package dev.coxswain.supervisor.fleet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.fleet.FleetControl.JobView;
import dev.coxswain.supervisor.logs.JobLog;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.JobProgress;
import dev.coxswain.supervisor.runner.JobRun;

/** The jobs that run and the newest ones that have ended. Safe from any thread. */
final class JobBoard {
    /** Ended jobs that are remembered. */
    static final int REMEMBERED = 1_000;

    private final Map<String, JobRun> running = new ConcurrentHashMap<>();
    private final Deque<JobProgress> ended = new ArrayDeque<>();

    void started(JobRun run) {
        running.put(run.progress().key(), run);
    }

    void ended(JobRun run) {
        synchronized (ended) {
            ended.addFirst(run.progress());
            if (ended.size() > REMEMBERED) {
                ended.removeLast();
            }
        }
        running.remove(run.progress().key());
    }

    List<JobRun> running() {
        return List.copyOf(running.values());
    }

    int runningCount() {
        return running.size();
    }

    @Nullable
    JobRun run(String key) {
        return running.get(key);
    }

    Optional<JobProgress> find(String key) {
        JobRun run = running.get(key);
        if (run != null) {
            return Optional.of(run.progress());
        }
        synchronized (ended) {
            return ended.stream().filter(job -> job.key().equals(key)).findFirst();
        }
    }

    /** Running ones by age, then the ended ones, newest first. */
    List<JobView> views(@Nullable String state) {
        List<JobProgress> all = new ArrayList<>();
        running.values().stream().map(JobRun::progress).sorted(Comparator.comparing(JobProgress::leasedAt))
                .forEach(all::add);
        synchronized (ended) {
            ended.stream().filter(job -> !running.containsKey(job.key())).forEach(all::add);
        }
        return all.stream().map(JobBoard::view).filter(job -> state == null || state.equals(job.state())).toList();
    }

    static JobView view(JobProgress job) {
        JobEnd end = job.end();
        JobLog log = job.log();
        return new JobView(job.key(), job.jobId(), job.controlPlane(), job.pool(), job.runner(),
                end == null ? job.state().label() : "ended", job.leasedAt(), job.endedAt(),
                end == null ? null : end.result().label(),
                end == null || end.message().isEmpty() ? null : end.message(),
                job.fenceAt(), job.artifactsTotal(), job.artifactsDone(), log == null ? 0 : log.writtenBytes(),
                log == null ? 0 : log.droppedBytes());
    }
}
