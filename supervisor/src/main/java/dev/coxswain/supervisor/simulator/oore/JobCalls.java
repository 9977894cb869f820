package dev.coxswain.supervisor.simulator.oore;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Violation;

/** Claim, status and logs of builds (contract oore-ci 5, 6, 7). All of it runs under the monitor of {@link Builds}. */
final class JobCalls {
    /** What was on its way when an answer came may still arrive. */
    private static final long ON_THE_WAY_NANOS = Duration.ofSeconds(2).toNanos();
    private static final Set<String> KNOWN = Set.of("queued", "scheduled", "assigned", "running", "succeeded", "failed",
            "canceled", "timed_out", "expired");
    private static final Set<String> REPORTED = Set.of("running", "succeeded", "failed");
    private static final long U32 = 0xFFFF_FFFFL;

    private final SimulatorContext context;
    private final Builds builds;
    private final Artifacts artifacts;
    private final Levers levers;

    JobCalls(SimulatorContext context, Builds builds, Artifacts artifacts, Levers levers) {
        this.context = context;
        this.builds = builds;
        this.artifacts = artifacts;
        this.levers = levers;
    }

    Answer claim(Call call, Runner runner, Body body) {
        Long version = body.optionalWhole("protocol_version", 0, U32);
        if (version == null) {
            throw Refusal.invalid("protocol_version is required");
        }
        runner.checkPath(call);
        if (version != levers.protocolVersion) {
            throw Refusal.of(409, "runner_protocol_mismatch",
                    "runner protocol " + version + " is not spoken here; expected " + levers.protocolVersion);
        }
        if (!levers.paused && levers.inMaintenance(builds.now()) && builds.hasEligible()) {
            throw Refusal.store("the database refuses to be changed");
        }
        Build build = levers.paused ? null : builds.claim(runner, call);
        if (build == null) {
            return levers.otherForm() ? Answer.empty(204) : Answer.json(200, Map.of());
        }
        Map<String, Object> job = job(build, runner);
        return Answer.json(200, levers.otherForm() ? job : Map.of("job", job));
    }

    private Map<String, Object> job(Build build, Runner runner) {
        Map<String, Object> snapshot = new LinkedHashMap<>(build.snapshot);
        if (Snapshots.PROXIED.equals(snapshot.get("repo_url"))) {
            snapshot.put("checkout_proxy_path", "/v1/runners/" + runner.id + "/jobs/" + build.id + "/gitlab/"
                    + URLEncoder.encode(Snapshots.REPOSITORY, StandardCharsets.UTF_8) + ".git");
        }
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("build_id", build.id);
        job.put("project_id", "project-1");
        job.put("pipeline_id", "pipeline-1");
        job.put("build_number", build.number);
        job.put("config_snapshot", snapshot);
        job.put("commit_sha", build.text("commit_sha"));
        job.put("branch", build.text("branch"));
        job.put("lease_expires_at",
                context.wall(builds.now() + context.config().leaseLength().toNanos()).getEpochSecond());
        job.put("signing_token", build.grant);
        return job;
    }

    Answer state(Call call, Runner runner) {
        Build build = builds.bound(call.param("job"), runner, call, CallKind.READ, null);
        return Answer.json(200, Map.of("status", build.state.label()));
    }

    Answer report(Call call, Runner runner, Body body) {
        String status = body.text("status");
        Long exitCode = body.optionalWhole("exit_code", Integer.MIN_VALUE, Integer.MAX_VALUE);
        String reason = body.optionalText("error_message");
        List<Object> steps = steps(body);
        runner.checkPath(call);
        JobEnd end = status.equals("succeeded")
                ? JobEnd.COMPLETED
                : status.equals("failed") ? JobEnd.FAILED : null;
        Build build = builds.bound(call.param("job"), runner, call, end == null ? CallKind.READ : CallKind.SETTLE, end);
        if (!KNOWN.contains(status)) {
            throw Refusal.of(400, "invalid_status", "status is no state of a build");
        }
        if (!REPORTED.contains(status)) {
            throw Refusal.of(400, "invalid_runner_status", "a runner reports running, succeeded or failed");
        }
        if (end == null) {
            start(call, build, runner, reason);
        } else {
            end(build, runner, end, reason);
        }
        if (!steps.isEmpty()) {
            build.steps = steps;
        } else if (exitCode != null) {
            build.steps = null;
        }
        if (exitCode != null || !steps.isEmpty()) {
            build.exitCode = exitCode;
        }
        Answer answer = Answer.json(200, Map.of("build", detail(build), "events", List.copyOf(build.events)));
        return end != null ? answer : answer.whenDelivered(nanos -> startHeard(build, nanos));
    }

    private void start(Call call, Build build, Runner runner, @Nullable String reason) {
        if (build.state != Build.State.ASSIGNED) {
            if (build.startHeardNanos < call.arrivedNanos() - ON_THE_WAY_NANOS) {
                builds.breaks(Violation.OUT_OF_ORDER, build, "a second start by " + runner.holder);
            }
            throw transition(build, "running");
        }
        builds.start(build, runner, reason);
    }

    private void startHeard(Build build, long nanos) {
        synchronized (builds) {
            build.startHeardNanos = Math.min(build.startHeardNanos, nanos);
        }
    }

    private void end(Build build, Runner runner, JobEnd end, @Nullable String reason) {
        boolean success = end == JobEnd.COMPLETED;
        if (build.state != Build.State.RUNNING) {
            builds.breaks(Violation.OUT_OF_ORDER, build, "an end before the start by " + runner.holder);
            throw transition(build, success ? "succeeded" : "failed");
        }
        if (success && artifacts.open(build)) {
            builds.breaks(Violation.OUT_OF_ORDER, build, "a success with an upload open by " + runner.holder);
        }
        builds.end(build, runner, success, reason);
    }

    private static RuntimeException transition(Build build, String to) {
        return Refusal.of(409, "invalid_transition", "a build goes not from " + build.state.label() + " to " + to);
    }

    Answer log(Call call, Runner runner, Body body) {
        List<BuildLog.Line> lines = new ArrayList<>();
        for (Body chunk : body.objects("chunks", true)) {
            lines.add(new BuildLog.Line(chunk.whole("sequence"), chunk.text("content"), chunk.text("stream")));
        }
        runner.checkPath(call);
        Build build = builds.bound(call.param("job"), runner, call, CallKind.WRITE, null);
        if (build.state != Build.State.RUNNING) {
            builds.breaks(Violation.OUT_OF_ORDER, build, "lines before the start: a later holder's would collide");
        }
        String lost = build.log.lost(lines, build.lease);
        if (lost != null) {
            builds.breaks(Violation.LOG_LINE_LOST, build, lost);
        }
        return Answer.json(200, Map.of("appended", build.log.append(lines, build.lease)));
    }

    private static List<Object> steps(Body body) {
        List<Object> steps = new ArrayList<>();
        for (Body step : body.objects("steps", false)) {
            Map<String, Object> kept = new LinkedHashMap<>();
            kept.put("name", step.text("name"));
            kept.put("status", step.text("status"));
            Long code = step.optionalWhole("exit_code", Integer.MIN_VALUE, Integer.MAX_VALUE);
            if (code != null) {
                kept.put("exit_code", code);
            }
            kept.put("started_at", step.whole("started_at"));
            kept.put("finished_at", step.whole("finished_at"));
            kept.put("duration_ms", step.whole("duration_ms"));
            steps.add(kept);
        }
        return steps;
    }

    private Map<String, Object> detail(Build build) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", build.id);
        map.put("project_id", "project-1");
        map.put("pipeline_id", "pipeline-1");
        map.put("build_number", build.number);
        map.put("status", build.state.label());
        map.put("trigger_type", "manual");
        map.put("commit_sha", build.text("commit_sha"));
        map.put("branch", build.text("branch"));
        map.put("config_snapshot", build.snapshot);
        if (build.runner != null) {
            map.put("runner_id", build.runner.id);
        }
        if (build.steps != null) {
            map.put("step_results", build.steps);
        }
        if (build.exitCode != null) {
            map.put("exit_code", build.exitCode);
        }
        map.put("queued_at", second(build.dueNanos));
        if (build.startedNanos >= 0) {
            map.put("started_at", second(build.startedNanos));
        }
        if (build.finishedNanos >= 0) {
            map.put("finished_at", second(build.finishedNanos));
        }
        map.put("created_at", second(build.dueNanos));
        map.put("updated_at", second(build.updatedNanos));
        return map;
    }

    private long second(long nanos) {
        return context.wall(nanos).getEpochSecond();
    }
}
