package dev.coxswain.supervisor.simulator.shithub;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.QueuedControlPlane;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import reactor.core.publisher.Mono;

/**
 * A shithub server's runner API: one heartbeat that claims, five calls about a job, each let in by a token of its own, and
 * the checkout. {@link Heartbeats} and {@link Gate} hold the orders of the checks.
 */
final class ShithubControlPlane extends QueuedControlPlane<Runner> {
    static final String BASE = "/shithub";
    private static final String JOB = "/api/v1/jobs/{job}";
    private static final long FIRST_JOB = 5_000_000_001L;
    private static final long FIRST_RUN = 7_000_000_001L;
    private static final int STEPS_OF_A_JOB = 100;
    /** A body over the server's own cap is read, so that the server refuses it in its own place. */
    private static final int MAX_BODY = 2 << 20;

    private final Runners runners;
    private final Jobs jobs;
    private final JobTokens tokens;
    private final Documents documents;
    private final Operator operator;
    private final Heartbeats heartbeats;
    private final Gate gate;
    private final List<Route> routes;
    private @Nullable Job before;

    ShithubControlPlane(SimulatorContext context) {
        super(context);
        runners = new Runners(context);
        jobs = new Jobs(context);
        tokens = new JobTokens(context.config().seed());
        documents = new Documents(context);
        Levers levers = new Levers();
        Chain chain = new Chain(context, jobs, levers, tokens);
        heartbeats = new Heartbeats(context, jobs, runners, levers, tokens, chain, documents);
        JobCalls calls = new JobCalls(context, jobs, tokens);
        Uploads uploads = new Uploads(context, levers);
        operator = new Operator(context, jobs, runners, levers);
        gate = new Gate(context, jobs, runners, levers, tokens, chain);
        routes = new ArrayList<>(operator.routes());
        routes.add(route("POST", "/api/v1/runners/heartbeat", CallKind.LEASE, heartbeats::beat).withMaxBody(MAX_BODY));
        routes.add(gated(JobCall.LOGS, "/logs", calls::log));
        routes.add(gated(JobCall.STEP, "/steps/{step}/status", calls::step));
        routes.add(gated(JobCall.STATUS, "/status", calls::status));
        routes.add(gated(JobCall.ARTIFACTS, "/artifacts/upload", uploads::declare));
        routes.add(gated(JobCall.CANCEL_CHECK, "/cancel-check", (call, job) -> calls.cancelCheck(job)));
        routes.addAll(new Checkout(context, jobs, tokens, chain, documents.repository()).routes());
        fill();
    }

    @Override
    public String basePath() {
        return BASE;
    }

    @Override
    public List<String> tokens() {
        return runners.tokens();
    }

    @Override
    public Map<String, String> idTokens() {
        return Map.of(Operator.OWNER, operator.token());
    }

    @Override
    public boolean gaveOut(String token) {
        return token.equals(operator.token());
    }

    @Override
    public @Nullable String holder(String authorization) {
        JobTokens.Claims claims = claims(authorization);
        Runner runner = claims == null ? null : runners.byId(claims.runner());
        return runner == null ? null : runner.holder;
    }

    @Override
    public @Nullable String oneAtATime(String authorization) {
        String bearer = Authorization.bearer(authorization);
        JobTokens.Claims claims = bearer == null ? null : tokens.read(bearer);
        return claims != null && claims.purpose().equals(JobTokens.API) ? "job " + claims.job() : null;
    }

    @Override
    public boolean leaks(String text) {
        return tokens.leaks(text);
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    /** What the router itself refuses is no JSON. */
    @Override
    public Answer error(int status, String text) {
        return status == 413 ? GoJson.error(status, text) : Answer.text(status, text);
    }

    @Override
    protected Runner caller(Call call) {
        return heartbeats.caller(call);
    }

    @Override
    protected void add(int number, long dueNanos) {
        JobPlan plan = Workflows.numbered(number);
        Job first = plan.follows() ? before : null;
        Run run = first == null ? new Run(FIRST_RUN + number, number + 1) : first.run;
        Job job = new Job(FIRST_JOB + number, run, first, plan, dueNanos);
        for (StepPlan step : plan.steps()) {
            int index = job.steps.size();
            job.steps.add(new Step(job.id * STEPS_OF_A_JOB + index, index, step,
                    new StepLog(documents.masks(plan), context().config().keepContentBytes())));
        }
        before = job;
        jobs.add(job);
    }

    private JobTokens.@Nullable Claims claims(String authorization) {
        String credential = Authorization.credential(authorization);
        return credential == null ? null : tokens.read(credential);
    }

    private Route gated(JobCall what, String below, Gate.Endpoint endpoint) {
        return Route
                .of("POST", JOB + below, what.kind, call -> Mono.fromSupplier(() -> gate.through(what, call, endpoint)))
                .withMaxBody(MAX_BODY);
    }
}
