package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.HttpClients;
import dev.coxswain.supervisor.http.HttpLimits;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.testing.RudeServer;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An adapter in front of a rude server, with a clock that a test moves. */
final class ShithubRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final Instant NOW = Instant.parse("2026-05-17T10:00:00Z");
    static final String DATE = "Sun, 17 May 2026 10:00:00 GMT";
    static final Credential CREDENTIAL = new Credential("actions-1", new Secret("ab".repeat(32)));
    /** More than 32 bits (trap 30). */
    static final long JOB = 9_007_199_254_740_001L;
    static final String PATH = "/api/v1/jobs/" + JOB;
    static final Reply NONE = Reply.of(204, "");
    static final Reply REPLAYED = error(401, "job token replayed");

    final RudeServer server = new RudeServer();
    final ShithubControlPlane plane;
    final JsonMapper mapper = JsonMapper.builder().build();
    final AtomicLong nanos = new AtomicLong(5_000);
    RunnerProfile profile = new RunnerProfile(List.of("self-hosted", "linux"), 2, "host-1", "coxswain 1");
    private final HttpClients clients = new HttpClients(HttpLimits.DEFAULT);
    private final AtomicLong random = new AtomicLong();

    ShithubRig() {
        FleetClock clock = new FleetClock() {
            @Override
            public long nanos() {
                return nanos.get();
            }

            @Override
            public Instant now() {
                return NOW;
            }
        };
        Meters meters = new Meters(new SimpleMeterRegistry());
        plane = new ShithubControlPlane(
                new ControlPlaneConfig("actions", "shithub", server.uri(), 50, Duration.ofMillis(500),
                        Duration.ofSeconds(30)),
                new JsonCalls(clients.calls(), server.uri(), "actions", ShithubControlPlane.OPERATIONS, meters,
                        clock::nanos, ShithubControlPlane.MAX_ANSWER_BYTES),
                new JsonCalls(clients.heartbeats(), server.uri(), "actions", ShithubControlPlane.OPERATIONS, meters,
                        clock::nanos, 4 << 20),
                mapper, clock, credential -> profile, random::incrementAndGet);
    }

    static Reply error(int status, String words) {
        return Reply.json(status, "{\"error\":\"" + words + "\"}\n");
    }

    /** A 2xx with the next token, and more. */
    static Reply next(int number, String more) {
        return Reply.json("{\"next_token\":\"token-" + number
                + "\",\"next_token_expires_at\":\"2026-05-17T10:15:00Z\"" + more + "}").with("Date", DATE);
    }

    static Reply next(int number) {
        return next(number, "");
    }

    static Reply taken(int number) {
        Reply next = next(number, ",\"accepted\":true");
        return new Reply(202, next.headers(), next.body(), next.manner());
    }

    static Reply claim(long id) {
        return claim(id, "");
    }

    /** A claim of a job with steps 71 and 72, and more keys in the job. */
    static Reply claim(long id, String more) {
        return Reply.json("{\"token\":\"token-0\",\"expires_at\":\"2026-05-17T10:15:00Z\",\"job\":{\"id\":" + id
                + ",\"run_id\":3,\"checkout_url\":\"https://git.example.org/o/r.git\",\"checkout_token\":\"check.out-1\","
                + "\"secrets\":{\"A\":\"hush-hush\"},\"mask_values\":[\"\",\"hush-hush\"],\"steps\":["
                + "{\"id\":72,\"index\":1,\"run\":\"b\"},{\"id\":71,\"index\":0,\"run\":\"a\"}]" + more + "}}")
                .with("Date", DATE);
    }

    static <T> T only(Mono<T> mono) {
        AtomicReference<T> value = new AtomicReference<>();
        StepVerifier.create(mono).consumeNextWith(value::set).expectComplete().verify(PATIENCE);
        return Objects.requireNonNull(value.get());
    }

    static void done(Mono<Void> mono) {
        StepVerifier.create(mono).expectComplete().verify(PATIENCE);
    }

    static void fails(Mono<?> mono, Class<? extends Throwable> how) {
        StepVerifier.create(mono).expectError(how).verify(PATIENCE);
    }

    LeaseReply ask(Reply... answers) {
        server.then(answers);
        return only(plane.lease(CREDENTIAL));
    }

    /** A claimed job; the request is forgotten. */
    Lease lease() {
        Lease lease = ((LeaseReply.Granted) ask(claim(JOB))).lease();
        server.seen().clear();
        return lease;
    }

    JsonNode sent(int request) {
        return mapper.readTree(server.seen().get(request).body());
    }

    String bearer(int request) {
        return server.seen().get(request).headers().get("Authorization");
    }

    /** The paths behind the job's, in their order. */
    List<String> paths() {
        return server.seen().stream().map(seen -> seen.uri().replace(PATH, "")).toList();
    }

    @Override
    public void close() {
        server.close();
        StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
    }
}
