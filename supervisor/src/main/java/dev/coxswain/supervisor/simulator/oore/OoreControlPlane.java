package dev.coxswain.supervisor.simulator.oore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.QueuedControlPlane;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.Topic;

/**
 * Oore CI's daemon. A runner's endpoints check in this order: method and path (404 and 405 without a body), runner token
 * (401), body (400, 413), the path's runner against the token (403), then each its own.
 */
final class OoreControlPlane extends QueuedControlPlane<Runner> {
    private static final String RUNNER = "/v1/runners/{runner}";
    private static final String JOB = RUNNER + "/jobs/{job}";
    private static final String GIT = JOB + "/gitlab/{name}";

    private final Ids ids;
    private final Users users;
    private final Runners runners;
    private final Builds builds;
    private final Snapshots snapshots;
    private final String repositoryId;
    private final List<Route> routes;

    @FunctionalInterface
    private interface Reading {
        Answer answer(Call call, Runner runner);
    }

    @FunctionalInterface
    private interface Writing {
        Answer answer(Call call, Runner runner, Body body);
    }

    OoreControlPlane(SimulatorContext context) {
        super(context);
        ids = new Ids(context.config().seed() * 31 + 5);
        users = new Users(context);
        runners = new Runners(context, ids);
        builds = new Builds(context, ids);
        snapshots = new Snapshots(context);
        repositoryId = ids.next();
        Levers levers = new Levers(context);
        Artifacts artifacts = new Artifacts(context, builds, levers, ids);
        JobCalls jobs = new JobCalls(context, builds, artifacts, levers);
        LocalUpload upload = new LocalUpload(artifacts, builds, context.ledger());
        routes = new ArrayList<>(new People(users, runners, builds, levers).routes());
        routes.addAll(new BuildPages(users, builds).routes());
        routes.add(writing(RUNNER + "/heartbeat", CallKind.HEARTBEAT, this::heartbeat));
        routes.add(writing(RUNNER + "/claim", CallKind.LEASE, jobs::claim));
        routes.add(reading(JOB, CallKind.READ, jobs::state));
        routes.add(writing(JOB + "/status", CallKind.SETTLE, jobs::report));
        routes.add(writing(JOB + "/logs", CallKind.WRITE, jobs::log));
        routes.add(writing(JOB + "/artifacts", CallKind.SIGN, artifacts::reserve));
        routes.add(writing(JOB + "/artifacts/{artifact}/complete", CallKind.WRITE,
                (call, runner, body) -> artifacts.complete(call, runner)));
        routes.add(writing(JOB + "/artifacts/{artifact}/abort", CallKind.WRITE, artifacts::abort));
        routes.add(Route.streamed("PUT", Artifacts.UPLOAD_PATH + "{token}", CallKind.PUT, upload::put)
                .withGrantIn(Route.GrantPlace.PATH));
        Signing signing = new Signing(context, builds);
        routes.add(reading(JOB + "/android-signing", CallKind.READ, signing::android)
                .withGrantIn(Route.GrantPlace.HEADER));
        routes.add(reading(JOB + "/ios-signing", CallKind.READ, signing::ios).withGrantIn(Route.GrantPlace.HEADER));
        GitProxy git = new GitProxy(builds, snapshots.repository());
        routes.add(reading(GIT + "/info/refs", CallKind.READ, git::refs));
        routes.add(route("POST", GIT + "/git-upload-pack", CallKind.READ, (call, runner) -> {
            runner.checkPath(call);
            return locked(() -> git.pack(call, runner));
        }));
        routes.add(route("POST", GIT + "/{other}", CallKind.READ, (call, runner) -> {
            runner.checkPath(call);
            return locked(() -> git.other(call, runner));
        }));
        routes.add(reading(GIT + "/{other}", CallKind.READ, git::other));
        fill();
    }

    @Override
    public String basePath() {
        return "/oore";
    }

    @Override
    public List<String> tokens() {
        return runners.firstTokens();
    }

    @Override
    public List<String> credentials() {
        return runners.firstCredentials();
    }

    @Override
    public Map<String, String> idTokens() {
        return users.tokens();
    }

    @Override
    public boolean gaveOut(String token) {
        return users.gaveOut(token) || runners.gaveOut(token);
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    /** The framework's 404 and 405 have no body; its 413 is put into the daemon's form. */
    @Override
    public Answer error(int status, String text) {
        return status == 413 ? Body.tooLarge().answer() : Answer.empty(status);
    }

    @Override
    protected void add(int number, long dueNanos) {
        List<Topic> topics = context().config().topics();
        Topic topic = topics.get(number % topics.size());
        builds.add(new Build(ids.next(), number + 1, dueNanos, snapshots.of(topic, number + 1, repositoryId, dueNanos),
                context().config().keepContentBytes()));
    }

    @Override
    protected Runner caller(Call call) {
        Runner runner = runners.byToken(Users.bearer(call));
        if (runner == null) {
            throw Refusal.of(401, "invalid_token", "the runner token is unknown");
        }
        return runner;
    }

    private Answer heartbeat(Call call, Runner runner, Body body) {
        String status = body.text("status");
        runner.checkPath(call);
        runners.heartbeat(runner, status, body.any("capabilities"));
        return Answer.empty(204);
    }

    private Route reading(String path, CallKind kind, Reading endpoint) {
        return route("GET", path, kind, (call, runner) -> {
            runner.checkPath(call);
            return locked(() -> endpoint.answer(call, runner));
        });
    }

    private Route writing(String path, CallKind kind, Writing endpoint) {
        return route("POST", path, kind, (call, runner) -> {
            Body body = Body.of(call);
            return locked(() -> endpoint.answer(call, runner, body));
        }).withMaxBody(2 * Body.MAX_BYTES);
    }

    private Answer locked(Supplier<Answer> endpoint) {
        synchronized (builds) {
            return endpoint.get();
        }
    }
}
