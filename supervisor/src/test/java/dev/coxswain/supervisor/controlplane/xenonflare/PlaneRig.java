package dev.coxswain.supervisor.controlplane.xenonflare;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import dev.coxswain.supervisor.controlplane.ControlPlane;
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
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** An adapter in front of a rude server, with clocks that stand still unless they are moved. */
abstract class PlaneRig<P extends ControlPlane> implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String TOKEN = "cred1.hush-hush";
    static final Instant NOW = Instant.parse("2026-05-17T10:00:00Z");
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    final RudeServer server = new RudeServer();
    final AtomicLong nanos = new AtomicLong(5_000);
    final P plane;
    private final Credential credential;
    private final HttpClients clients = new HttpClients(HttpLimits.DEFAULT);
    private final AtomicLong random = new AtomicLong();

    /** Makes the adapter. */
    @FunctionalInterface
    interface Maker<P> {
        P make(ControlPlaneConfig config, JsonCalls calls, JsonCalls heartbeats, JsonMapper mapper, FleetClock clock,
                LongSupplier random);
    }

    PlaneRig(String name, String protocol, Credential credential, Set<String> operations, int maxAnswerBytes,
            Maker<P> maker) {
        this.credential = credential;
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
        URI base = server.uri();
        Meters meters = new Meters(new SimpleMeterRegistry());
        this.plane = maker.make(
                new ControlPlaneConfig(name, protocol, base, 50, Duration.ofMillis(500), Duration.ofSeconds(30)),
                new JsonCalls(clients.calls(), base, name, operations, meters, clock::nanos, maxAnswerBytes)
                        .readingLargeOn(clients.large()),
                new JsonCalls(clients.heartbeats(), base, name, operations, meters, clock::nanos,
                        JsonCalls.DEFAULT_MAX_ANSWER_BYTES),
                MAPPER, clock, random::incrementAndGet);
    }

    static Credential credential(String runner) {
        return new Credential(runner, new Secret(TOKEN));
    }

    /** The lease that this answer gives. */
    Lease granted(String answer) {
        server.then(Reply.json(answer).with("Date", "Sun, 17 May 2026 10:00:00 GMT"));
        LeaseReply reply = StepVerifierValues.only(plane.lease(credential));
        assertThat(reply).isInstanceOf(LeaseReply.Granted.class);
        return ((LeaseReply.Granted) reply).lease();
    }

    @Override
    public void close() {
        server.close();
        StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
    }
}
