package dev.coxswain.supervisor.admin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/** The form {@code text/event-stream}: events with JSON in them, and comments that find out whether the reader has gone. */
final class ServerSentEvents {
    static final int KEEP_ALIVE_SECONDS = 15;

    private static final byte[] KEEP_ALIVE = ":\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ServerSentEvents() {}

    static byte[] event(String name, Object data) {
        return ("event: " + name + "\ndata: " + JSON.writeValueAsString(data) + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** These events, after a comment at once and with one every {@value #KEEP_ALIVE_SECONDS} s until they end. */
    static Flux<byte[]> keptAlive(Flux<byte[]> events, Scheduler timer) {
        Flux<byte[]> comments = Flux.interval(Duration.ofSeconds(KEEP_ALIVE_SECONDS), timer).onBackpressureDrop()
                .map(tick -> KEEP_ALIVE);
        // the first comment takes the head of the answer with it, so that a reader of silence knows where it is
        return events.publish(shared -> shared.mergeWith(comments.takeUntilOther(shared.ignoreElements())))
                .startWith(KEEP_ALIVE);
    }
}
