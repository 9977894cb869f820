package dev.coxswain.supervisor.simulator.shithub;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The jobs that one event started; touched only under the monitor of {@link Jobs}. */
final class Run {
    final long id;
    final int number;
    /** In the order of their index. */
    final List<Job> jobs = new ArrayList<>();
    /** The names of all artifacts: they share one object each, whichever job sends it. */
    final List<String> artifactNames = new ArrayList<>();
    /** Null as long as the run is open. */
    @Nullable
    String conclusion;

    Run(long id, int number) {
        this.id = id;
        this.number = number;
    }

    /** Rolls the jobs up into the run's end, when it has one (contract shithub-actions 8). */
    void rollUp() {
        boolean cancelled = false;
        for (Job job : jobs) {
            if (!job.phase.ended()) {
                return;
            }
            String end = String.valueOf(job.conclusion);
            if (Phase.fails(end)) {
                conclusion = "failure";
                return;
            }
            cancelled |= job.phase == Phase.CANCELLED || end.equals("cancelled");
        }
        conclusion = cancelled ? "cancelled" : "success";
    }
}
