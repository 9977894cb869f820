package dev.coxswain.supervisor.admin;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

import dev.coxswain.supervisor.fleet.FleetControl;
import dev.coxswain.supervisor.fleet.FleetControl.Target;
import dev.coxswain.supervisor.metrics.FleetMeters;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;

/** What the API answers; who may ask was looked at before. */
final class AdminApi {
    private static final List<String> JOB_STATES = List.of("leased", "running", "settling", "ended");
    private static final Set<String> TARGETS = Set.of("controlPlane", "pool", "runner");
    private static final String DEFAULT_REASON = "cancelled through the admin API";

    private final FleetControl fleet;
    private final Router router;

    AdminApi(FleetControl fleet, Scheduler timer) {
        this.fleet = fleet;
        FollowRoutes follow = new FollowRoutes(fleet, timer);
        this.router = new Router()
                .get("status", this::status)
                .get("runners", this::runners)
                .get("jobs", this::jobs)
                .get("jobs/{key}", call -> Mono.just(Reply.json(200, known(fleet, call.key()))))
                .get("jobs/{key}/log", follow::log)
                .get("events", follow::events)
                .post("drain", Set.of(), (call, body) -> drain())
                .post("pause", TARGETS, (call, body) -> aimed(body, fleet::pause))
                .post("resume", TARGETS, (call, body) -> aimed(body, fleet::resume))
                .post("reload", Set.of(), (call, body) -> reload())
                .post("jobs/{key}/cancel", Set.of("reason"),
                        (call, body) -> cancel(call.key(), body.text("reason", DEFAULT_REASON)));
    }

    /** Whether the path of this request is below {@code /api}. */
    static boolean owns(HttpServerRequest request) {
        return request.uri().startsWith("/api");
    }

    /** Carries the request out, or throws or fails with a {@link Refusal}. */
    Mono<Reply> answer(HttpServerRequest request) {
        return router.answer(request);
    }

    private Mono<Reply> status(Router.Call call) {
        call.query();
        return Mono.just(Reply.jsonWithout("sharding", fleet.status()));
    }

    private Mono<Reply> runners(Router.Call call) {
        Parameters query = call.query("pool", "state", "search", "page");
        return Mono.just(Reply.json(200, fleet.runners(query.name("pool"),
                query.word("state", FleetMeters.Closed.RUNNER_STATE.allowed()), query.name("search"), query.page())));
    }

    private Mono<Reply> jobs(Router.Call call) {
        Parameters query = call.query("state", "search", "page");
        return Mono.just(Reply.json(200,
                fleet.jobs(query.word("state", JOB_STATES), query.name("search"), query.page())));
    }

    /** The job of this key, or a 404. */
    static FleetControl.JobView known(FleetControl fleet, String key) {
        return fleet.job(key).orElseThrow(() -> Refusal.notFound("no such job is remembered; see /api/v1/jobs"));
    }

    private Mono<Reply> drain() {
        fleet.drain();
        return Mono.just(Reply.json(202, Map.of("state", fleet.status().state())));
    }

    private static Mono<Reply> aimed(Body body, ToIntFunction<Target> change) {
        Target target = target(body);
        String whom = switch (target) {
            case Target.Everything() -> "everything";
            case Target.OfControlPlane(var name) -> "control plane " + name;
            case Target.OfPool(var name) -> "pool " + name;
            case Target.OfRunner(var name) -> "runner " + name;
        };
        int runners = change.applyAsInt(target);
        if (runners == 0 && !(target instanceof Target.Everything)) {
            return Mono.error(Refusal.notFound("there is no " + whom));
        }
        return Mono.just(Reply.json(200, Map.of("runners", runners)).noting(whom + ", runners=" + runners));
    }

    private static Target target(Body body) {
        if (body.texts().size() > 1) {
            throw Refusal.badRequest("name one of controlPlane, pool and runner, or none for everything");
        }
        String field = body.texts().keySet().stream().findFirst().orElse("");
        return switch (field) {
            case "" -> new Target.Everything();
            case "controlPlane" -> new Target.OfControlPlane(body.text(field));
            case "pool" -> new Target.OfPool(body.text(field));
            default -> new Target.OfRunner(body.text(field));
        };
    }

    private Mono<Reply> reload() {
        return fleet.reload().map(done -> Reply.json(done.applied() ? 200 : 422, done)
                .noting("changes=" + done.changes().size() + ", problems=" + done.problems().size()));
    }

    private Mono<Reply> cancel(String key, String reason) {
        FleetControl.JobView job = known(fleet, key);
        if (!fleet.cancel(key, reason)) {
            throw new Refusal(409, "not_running", "the job is " + job.state() + " and can't be cancelled any more");
        }
        return Mono.just(Reply.json(202, Map.of("key", key, "reason", reason)).noting("reason: " + reason));
    }
}
