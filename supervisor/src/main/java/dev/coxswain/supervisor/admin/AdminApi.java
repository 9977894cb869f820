package dev.coxswain.supervisor.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.coxswain.supervisor.fleet.FleetControl;
import dev.coxswain.supervisor.metrics.FleetMeters;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;

/** The routes below {@code /api/v1}. */
final class AdminApi {
    private static final String ROOT = "/api/v1/";
    private static final int MOST_FOLLOWERS = 64;
    private static final List<String> JOB_STATES = List.of("leased", "running", "settling", "ended");
    private static final String DEFAULT_REASON = "cancelled through the admin API";

    private final FleetControl fleet;
    private final Scheduler timer;
    private final AtomicInteger followers = new AtomicInteger();

    AdminApi(FleetControl fleet, Scheduler timer) {
        this.fleet = fleet;
        this.timer = timer;
    }

    /** Carries the request out; who may do that was asked before. */
    Mono<Reply> answer(HttpServerRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        List<String> path = segments(uri.rawPath());
        return switch (path.size()) {
            case 1 -> switch (path.get(0)) {
                case "status" -> read(request, () -> status(uri));
                case "runners" -> read(request, () -> runners(query(uri, "pool", "state", "page")));
                case "jobs" -> read(request, () -> jobs(query(uri, "state", "page")));
                case "drain" -> change(request, Set.of(), body -> drain());
                default -> throw unknownPath();
            };
            case 2 -> {
                if (!path.get(0).equals("jobs")) {
                    throw unknownPath();
                }
                yield read(request, () -> Reply.json(200, job(path.get(1))));
            }
            case 3 -> {
                if (!path.get(0).equals("jobs")) {
                    throw unknownPath();
                }
                yield switch (path.get(2)) {
                    case "log" -> read(request, () -> log(path.get(1), wantsEvents(request)));
                    case "cancel" -> change(request, Set.of("reason"),
                            body -> cancel(path.get(1), body.text("reason", DEFAULT_REASON)));
                    default -> throw unknownPath();
                };
            }
            default -> throw unknownPath();
        };
    }

    private Reply status(QueryStringDecoder uri) {
        query(uri);
        return Reply.json(200, fleet.status());
    }

    private Reply runners(Parameters query) {
        return Reply.json(200, fleet.runners(query.name("pool"),
                query.word("state", FleetMeters.Closed.RUNNER_STATE.allowed()), query.page()));
    }

    private Reply jobs(Parameters query) {
        return Reply.json(200, fleet.jobs(query.word("state", JOB_STATES), query.page()));
    }

    private FleetControl.JobView job(String key) {
        return fleet.job(key).orElseThrow(() -> Refusal.notFound("no such job is remembered; see /api/v1/jobs"));
    }

    private Reply log(String key, boolean follow) {
        FleetControl.JobView job = job(key);
        if (follow && followers.get() >= MOST_FOLLOWERS) {
            throw new Refusal(503, "busy", MOST_FOLLOWERS + " readers follow logs already");
        }
        Flux<byte[]> bytes = fleet.log(key, follow)
                .orElseThrow(() -> Refusal.notFound("the log of this job is no longer kept"));
        Map<String, String> sizes = Map.of("Coxswain-Log-Bytes", Long.toString(job.logBytes()),
                "Coxswain-Log-Dropped-Bytes", Long.toString(job.logDroppedBytes()));
        if (!follow) {
            return new Reply(200, "text/plain; charset=utf-8", sizes, bytes, false);
        }
        Flux<byte[]> events = LogEvents.of(bytes,
                () -> fleet.job(key).map(FleetControl.JobView::logDroppedBytes).orElse(job.logDroppedBytes()), timer);
        return new Reply(200, "text/event-stream", sizes, counted(events), true);
    }

    private Flux<byte[]> counted(Flux<byte[]> events) {
        return Flux.using(followers::incrementAndGet, n -> events, n -> followers.decrementAndGet());
    }

    private Reply drain() {
        fleet.drain();
        return Reply.json(202, Map.of("state", fleet.status().state()));
    }

    private Reply cancel(String key, String reason) {
        FleetControl.JobView job = job(key);
        if (!fleet.cancel(key, reason)) {
            throw new Refusal(409, "not_running", "the job is " + job.state() + " and can't be cancelled any more");
        }
        return Reply.json(202, Map.of("key", key, "reason", reason));
    }

    private static boolean wantsEvents(HttpServerRequest request) {
        return request.requestHeaders().getAllAsString("Accept").stream()
                .anyMatch(accept -> accept.contains("text/event-stream"));
    }

    private static Mono<Reply> read(HttpServerRequest request, Supplier<Reply> answer) {
        requireMethod(request, HttpMethod.GET);
        return Mono.fromSupplier(answer);
    }

    private static Mono<Reply> change(HttpServerRequest request, Set<String> fields,
            Function<Body, Reply> answer) {
        requireMethod(request, HttpMethod.POST);
        return Body.read(request, fields).map(answer);
    }

    private static void requireMethod(HttpServerRequest request, HttpMethod method) {
        if (!request.method().equals(method)) {
            throw new Refusal(405, "method_not_allowed", "only " + method + " here",
                    Map.of("Allow", method.name()));
        }
    }

    private static Parameters query(QueryStringDecoder uri, String... known) {
        try {
            return new Parameters(uri.parameters(), Set.of(known));
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("the query can't be decoded");
        }
    }

    private static List<String> segments(String rawPath) {
        if (!rawPath.startsWith(ROOT)) {
            throw unknownPath();
        }
        try {
            // a plus is itself in a path; the decoder would make it a space as in a form
            return List.of(rawPath.substring(ROOT.length()).split("/", -1)).stream()
                    .map(part -> QueryStringDecoder.decodeComponent(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("the path can't be decoded");
        }
    }

    private static Refusal unknownPath() {
        return Refusal
                .notFound("nothing is here; the API is /api/v1/status, runners, jobs, jobs/{key}, jobs/{key}/log, "
                        + "drain and jobs/{key}/cancel");
    }
}
