package dev.coxswain.supervisor.controlplane.oore;

import java.time.Duration;
import java.time.Instant;
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

/** An adapter in front of a rude server, with a clock that stands still. */
final class OoreRig implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final Instant NOW = Instant.parse("2026-05-17T10:00:00Z");
    static final Credential CREDENTIAL = new Credential("mobile-1", new Secret("hush-hush-token"), "r-1");
    static final String JOB = "/v1/runners/r-1/jobs/b-1";
    static final String CLAIM = "{\"build_id\":\"b-1\",\"lease_expires_at\":1779012300,\"signing_token\":\"grant-grant\","
            + "\"config_snapshot\":{\"ui_execution_config\":{\"env\":[{\"key\":\"API_TOKEN\",\"value\":\"env-secret\"},"
            + "{\"key\":\"FLAVOR\",\"value\":\"production\"}]}}}";
    static final Reply GONE = error(403, "runner_mismatch");

    final RudeServer server = new RudeServer();
    final OoreControlPlane plane;
    final JsonMapper mapper = JsonMapper.builder().build();
    private final HttpClients clients = new HttpClients(HttpLimits.DEFAULT);
    private final AtomicLong random = new AtomicLong();

    OoreRig() {
        FleetClock clock = new FleetClock() {
            @Override
            public long nanos() {
                return 5_000;
            }

            @Override
            public Instant now() {
                return NOW;
            }
        };
        Meters meters = new Meters(new SimpleMeterRegistry());
        plane = new OoreControlPlane(
                new ControlPlaneConfig("mobile", "oore", server.uri(), 50, Duration.ofMillis(500),
                        Duration.ofSeconds(30)),
                new JsonCalls(clients.calls(), server.uri(), "mobile", OoreControlPlane.OPERATIONS, meters,
                        clock::nanos,
                        4 << 20),
                new JsonCalls(clients.heartbeats(), server.uri(), "mobile", OoreControlPlane.OPERATIONS, meters,
                        clock::nanos, 4 << 20),
                mapper, clock, random::incrementAndGet);
    }

    static Reply error(int status, String code) {
        return Reply.json(status, "{\"error\":\"words\",\"code\":\"" + code + "\"}");
    }

    static Reply state(String status) {
        return Reply.json("{\"status\":\"" + status + "\"}");
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

    LeaseReply claim(Reply... answers) {
        server.then(answers);
        return only(plane.lease(CREDENTIAL));
    }

    /** A claimed build {@code b-1}; the request is forgotten. */
    Lease lease() {
        Lease lease = ((LeaseReply.Granted) claim(Reply.json("{\"job\":" + CLAIM + "}")
                .with("Date", "Sun, 17 May 2026 10:00:00 GMT"))).lease();
        server.seen().clear();
        return lease;
    }

    /** The same after {@code running}. */
    Lease running() {
        Lease lease = lease();
        server.then(Reply.json("{\"build\":{}}"));
        only(lease.begin());
        server.seen().clear();
        return lease;
    }

    JsonNode sent(int request) {
        return mapper.readTree(server.seen().get(request).body());
    }

    @Override
    public void close() {
        server.close();
        StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
    }
}
