package dev.coxswain.supervisor.fleet;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.runner.JobRun;

/** The jobs that were told to stop because the fleet ends. For any thread. */
final class CancelledJobs {
    private final JobBoard board;
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private volatile boolean later;

    CancelledJobs(JobBoard board) {
        this.board = board;
    }

    /**
     * Tells every running job; one whose end is decided already is let alone: it is being reported.
     *
     * @param andLater whether jobs that are granted from now on are told as well
     * @return how many were told
     */
    int all(boolean andLater) {
        later = andLater;
        int told = 0;
        for (JobRun run : board.running()) {
            told += tell(run) ? 1 : 0;
        }
        return told;
    }

    /** This one is on the board by now. */
    void begun(JobRun run) {
        if (later) {
            tell(run);
        }
    }

    /** @param open whatever is open, told or not */
    int notEndedByThemselves(int open) {
        long toldAndOpen = board.running().stream().filter(run -> keys.contains(run.progress().key())).count();
        return keys.size() + Math.max(0, open - (int) toldAndOpen);
    }

    private boolean tell(JobRun run) {
        boolean told = run.cancel(Outcome.Cause.CANCELLED, "the runner is shutting down");
        if (told) {
            keys.add(run.progress().key());
        }
        return told;
    }
}
