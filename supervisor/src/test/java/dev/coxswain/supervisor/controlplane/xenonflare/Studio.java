package dev.coxswain.supervisor.controlplane.xenonflare;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import dev.coxswain.supervisor.controlplane.Artifact;
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

/** A studio adapter in front of a rude server, with clocks that stand still unless they are moved. */
final class Studio implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String TOKEN = "cred1.hush-hush";
    static final Credential CREDENTIAL = new Credential("shorts-1", new Secret(TOKEN));
    static final Instant NOW = Instant.parse("2026-05-17T10:00:00Z");
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    final RudeServer server = new RudeServer();
    final AtomicLong nanos = new AtomicLong(5_000);
    final XenonflareStudio plane;
    private final HttpClients clients = new HttpClients(HttpLimits.DEFAULT);
    private final AtomicLong random = new AtomicLong();

    Studio() {
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
        ControlPlaneConfig config = new ControlPlaneConfig("shorts", "xenonflare-studio", base, 50,
                Duration.ofMillis(500), Duration.ofSeconds(30));
        this.plane = new XenonflareStudio(config,
                new JsonCalls(clients.calls(), base, "shorts", XenonflareStudio.OPERATIONS, meters, clock::nanos,
                        JsonCalls.DEFAULT_MAX_ANSWER_BYTES),
                new JsonCalls(clients.heartbeats(), base, "shorts", XenonflareStudio.OPERATIONS, meters, clock::nanos,
                        JsonCalls.DEFAULT_MAX_ANSWER_BYTES),
                MAPPER, clock, random::incrementAndGet);
    }

    /** Leases project {@code p1} for ten minutes, and forgets the request. */
    Lease lease(String project) {
        server.then(Reply.json("{\"leased\":true,\"projectId\":\"p1\",\"leaseExpiresAt\":"
                + NOW.plusSeconds(600).toEpochMilli() + ",\"project\":" + project + "}").with("Date",
                        "Sun, 17 May 2026 10:00:00 GMT"));
        LeaseReply[] reply = new LeaseReply[1];
        StepVerifier.create(plane.lease(CREDENTIAL)).consumeNextWith(r -> reply[0] = r).expectComplete()
                .verify(PATIENCE);
        server.seen().clear();
        if (reply[0] instanceof LeaseReply.Granted granted) {
            return granted.lease();
        }
        throw new AssertionError("not granted: " + reply[0]);
    }

    Lease lease() {
        return lease("{}");
    }

    static Artifact artifact(String path) {
        return new Artifact(path, Path.of(path), 10, "image/png");
    }

    static List<Artifact> artifacts(int count) {
        return IntStream.range(0, count).mapToObj(i -> artifact("scene" + i + ".png")).toList();
    }

    @Override
    public void close() {
        server.close();
        StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
    }
}
