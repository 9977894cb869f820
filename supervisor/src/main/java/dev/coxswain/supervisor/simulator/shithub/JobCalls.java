package dev.coxswain.supervisor.simulator.shithub;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.RefusedException;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.StoredObject;
import dev.coxswain.supervisor.simulator.Violation;

/** Logs, the states of steps and jobs, and the look for a cancel (contract shithub-actions 6 to 9). */
final class JobCalls {
    private static final Set<String> LOG_KEYS = Set.of("seq", "chunk", "step_id");
    private static final Set<String> STATUS_KEYS = Set.of("status", "conclusion", "started_at", "completed_at");

    /** A state that was asked for; the conclusion is empty unless the state is an end. */
    private record Wanted(Phase phase, String conclusion) {}

    private final SimulatorContext context;
    private final Jobs jobs;
    private final JobTokens tokens;

    JobCalls(SimulatorContext context, Jobs jobs, JobTokens tokens) {
        this.context = context;
        this.jobs = jobs;
        this.tokens = tokens;
    }

    Gate.Done log(Call call, Job job) {
        Fields body = Fields.of(call.body(), LOG_KEYS);
        long sequence = body.whole("seq", Integer.MIN_VALUE, Integer.MAX_VALUE);
        long stepId = body.whole("step_id", Long.MIN_VALUE, Long.MAX_VALUE);
        String encoded = body.text("chunk");
        if (sequence < 0) {
            throw lost(job, 400, "seq must be non-negative");
        }
        byte[] chunk;
        try {
            chunk = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw lost(job, 400, "chunk must be base64");
        }
        if (chunk.length == 0 || chunk.length > StepLog.MAX_CHUNK_BYTES) {
            throw lost(job, 400, "chunk must be between 1 and " + StepLog.MAX_CHUNK_BYTES + " bytes");
        }
        Step step = stepId == 0 ? job.steps.getFirst() : job.step(stepId);
        if (step == null) {
            throw lost(job, 404, "step not found");
        }
        append(job, step, (int) sequence, Masks.bytes(chunk));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("accepted", true);
        return new Gate.Done(202, answer, false);
    }

    private void append(Job job, Step step, int sequence, String chunk) {
        String at = "chunk " + sequence + " of step " + step.id;
        if (step.log.reveals(sequence, chunk) || tokens.leaks(chunk) || context.tokens().leaks(chunk)) {
            jobs.breaks(Violation.SECRET_SEEN, job, at + " holds what was to be masked");
        }
        if (step.phase.ended() && !step.closedByServer) {
            jobs.breaks(Violation.LOG_LINE_LOST, job, at + " came after the end of its step and is thrown away");
        }
        switch (step.log.append(sequence, chunk)) {
            case IGNORED -> jobs.breaks(Violation.LOG_LINE_LOST, job, at + " has the number of another chunk");
            case TOO_LARGE -> throw lost(job, 500, JobCall.LOGS.failure);
            case STORED, REPEATED -> {
                // a reader finds it, once
            }
        }
    }

    Gate.Done step(Call call, Job job) {
        Fields body = Fields.of(call.body(), STATUS_KEYS);
        Step step = job.step(Numbers.positive(call.param("step")));
        if (step == null) {
            throw GoJson.refusal(404, "step not found");
        }
        String status = required(body);
        Phase to = Phase.labelled(status).orElse(null);
        if (to == null || !step.phase.stepMayBecome(to)) {
            throw transition(job, step.closedByServer, "step " + step.id + " ", step.phase, status);
        }
        Wanted wanted = wanted(body, to);
        step.phase = wanted.phase();
        step.conclusion = to.ended() ? wanted.conclusion() : null;
        return new Gate.Done(200, state(wanted), false);
    }

    Gate.Done status(Call call, Job job) {
        Fields body = Fields.of(call.body(), STATUS_KEYS);
        String status = required(body);
        Phase to = Phase.labelled(status).orElse(null);
        if (to == null || !job.phase.jobMayBecome(to)) {
            throw transition(job, job.closedByServer, "", job.phase, status);
        }
        Wanted wanted = wanted(body, to);
        JobEnd end = JobCall.end(to, wanted.conclusion());
        if (end == null) {
            job.phase = to;
        } else {
            end(job, wanted, end);
        }
        Map<String, Object> answer = state(wanted);
        String concluded = job.run.conclusion;
        if (concluded != null) {
            answer.put("run_status", Phase.COMPLETED.label());
            answer.put("run_conclusion", concluded);
        }
        return new Gate.Done(200, answer, end != null);
    }

    private void end(Job job, Wanted wanted, JobEnd end) {
        if (wanted.phase() == Phase.CANCELLED) {
            job.steps.forEach(Step::close);
        }
        if (job.steps.stream().anyMatch(step -> !step.phase.ended())) {
            jobs.breaks(Violation.OUT_OF_ORDER, job, "completed with a step open, which stays so for ever");
        }
        String missing = end == JobEnd.COMPLETED ? missing(job) : null;
        if (missing != null) {
            jobs.breaks(Violation.MISSING_ARTIFACT, job, missing);
        }
        jobs.end(job, wanted.phase(), wanted.conclusion(), end);
    }

    private @Nullable String missing(Job job) {
        for (Artifact artifact : job.artifacts) {
            long received = context.store().find(artifact.publicUrl()).map(StoredObject::sizeBytes).orElse(-1L);
            if (artifact.expected() && received != artifact.sizeBytes()) {
                return "artifact " + artifact.id() + " was declared with " + artifact.sizeBytes() + " bytes, but "
                        + (received < 0 ? "nothing" : String.valueOf(received)) + " came";
            }
        }
        return null;
    }

    Gate.Done cancelCheck(Job job) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("cancelled", job.cancelRequested);
        return new Gate.Done(200, answer, false);
    }

    private static String required(Fields body) {
        String status = body.text("status");
        if (status.isEmpty()) {
            throw GoJson.refusal(400, "status is required");
        }
        return status;
    }

    private static Wanted wanted(Fields body, Phase to) {
        String given = body.text("conclusion");
        if (!to.ended() && !given.isEmpty()) {
            throw GoJson.refusal(400, "conclusion is only valid for terminal statuses");
        }
        String conclusion = to.ended()
                ? to.conclusion(given).orElseThrow(() -> GoJson.refusal(400, "invalid or missing conclusion"))
                : "";
        body.checkTime("started_at");
        body.checkTime("completed_at");
        return new Wanted(to, conclusion);
    }

    private static Map<String, Object> state(Wanted wanted) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", wanted.phase().label());
        answer.put("conclusion", wanted.phase().ended() ? wanted.conclusion() : null);
        return answer;
    }

    /** No violation where the server closed it: its runner cannot know before it is told so. */
    private RefusedException transition(Job job, boolean closedByServer, String what, Phase from, String to) {
        if (!closedByServer) {
            jobs.breaks(Violation.OUT_OF_ORDER, job, what + "cannot go from " + from.label() + " to where it was sent");
        }
        return GoJson.refusal(400, "invalid status transition " + from.label() + " -> " + to);
    }

    private RefusedException lost(Job job, int status, String message) {
        jobs.breaks(Violation.LOG_LINE_LOST, job, "a chunk is refused: " + message);
        return GoJson.refusal(status, message);
    }
}
