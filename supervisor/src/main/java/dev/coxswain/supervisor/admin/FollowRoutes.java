package dev.coxswain.supervisor.admin;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.coxswain.supervisor.fleet.FleetControl;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The answers that go on for long: the log of a job and what happens in the fleet. */
final class FollowRoutes {
    private static final int MOST_FOLLOWERS = 64;

    private final FleetControl fleet;
    private final Scheduler timer;
    private final AtomicInteger ofLogs = new AtomicInteger();
    private final AtomicInteger ofEvents = new AtomicInteger();

    FollowRoutes(FleetControl fleet, Scheduler timer) {
        this.fleet = fleet;
        this.timer = timer;
    }

    Mono<Reply> log(Router.Call call) {
        String key = call.key();
        FleetControl.JobView job = AdminApi.known(fleet, key);
        boolean follow = call.request().requestHeaders().getAllAsString("Accept").stream()
                .anyMatch(accept -> accept.contains("text/event-stream"));
        if (follow) {
            requireRoom(ofLogs, "logs");
        }
        Flux<byte[]> bytes = fleet.log(key, follow)
                .orElseThrow(() -> Refusal.notFound("the log of this job is no longer kept"));
        Map<String, String> sizes = Map.of("Coxswain-Log-Bytes", Long.toString(job.logBytes()),
                "Coxswain-Log-Dropped-Bytes", Long.toString(job.logDroppedBytes()));
        if (!follow) {
            return Mono.just(new Reply(200, "text/plain; charset=utf-8", sizes, bytes, false, ""));
        }
        Flux<byte[]> events = LogEvents.of(bytes,
                () -> fleet.job(key).map(FleetControl.JobView::logDroppedBytes).orElse(job.logDroppedBytes()), timer);
        return Mono.just(Reply.events(counted(ofLogs, events)).with(sizes));
    }

    Mono<Reply> events(Router.Call call) {
        call.query();
        requireRoom(ofEvents, "events");
        return Mono.just(Reply.events(counted(ofEvents, ServerSentEvents
                .keptAlive(fleet.events().map(event -> ServerSentEvents.event(event.type(), event)), timer))));
    }

    private static void requireRoom(AtomicInteger followers, String what) {
        if (followers.get() >= MOST_FOLLOWERS) {
            throw new Refusal(503, "busy", MOST_FOLLOWERS + " readers follow " + what + " already");
        }
    }

    private static Flux<byte[]> counted(AtomicInteger followers, Flux<byte[]> events) {
        return Flux.using(followers::incrementAndGet, n -> events, n -> followers.decrementAndGet());
    }
}
