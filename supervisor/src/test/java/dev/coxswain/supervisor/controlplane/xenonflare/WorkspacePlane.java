package dev.coxswain.supervisor.controlplane.xenonflare;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

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
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** A workspace adapter in front of a rude server, with clocks that stand still unless they are moved. */
final class WorkspacePlane implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final String TOKEN = "cred1.hush-hush";
    static final Credential CREDENTIAL = new Credential("studio-1", new Secret(TOKEN));
    static final Instant NOW = Instant.parse("2026-05-17T10:00:00Z");
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    final RudeServer server = new RudeServer();
    final AtomicLong nanos = new AtomicLong(5_000);
    final XenonflareWorkspace plane;
    private final HttpClients clients = new HttpClients(HttpLimits.DEFAULT);
    private final AtomicLong random = new AtomicLong();

    WorkspacePlane() {
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
        ControlPlaneConfig config = new ControlPlaneConfig("studio", "xenonflare-workspace", base, 50,
                Duration.ofMillis(500), Duration.ofSeconds(30));
        this.plane = new XenonflareWorkspace(config,
                new JsonCalls(clients.calls(), base, "studio", XenonflareWorkspace.OPERATIONS, meters, clock::nanos,
                        XenonflareWorkspace.MAX_ANSWER_BYTES),
                new JsonCalls(clients.heartbeats(), base, "studio", XenonflareWorkspace.OPERATIONS, meters,
                        clock::nanos, JsonCalls.DEFAULT_MAX_ANSWER_BYTES),
                MAPPER, clock, random::incrementAndGet);
    }

    /** Leases workspace {@code w1} for ten minutes, and forgets the request. */
    Lease lease() {
        Lease lease = lease("{\"leased\":true,\"workspaceId\":\"w1\",\"leaseExpiresAt\":"
                + NOW.plusSeconds(600).toEpochMilli() + ",\"workspace\":{}}");
        server.seen().clear();
        return lease;
    }

    /** The lease that this answer gives. */
    Lease lease(String answer) {
        server.then(Reply.json(answer).with("Date", "Sun, 17 May 2026 10:00:00 GMT"));
        LeaseReply reply = StepVerifierValues.only(plane.lease(CREDENTIAL));
        assertThat(reply).isInstanceOf(LeaseReply.Granted.class);
        return ((LeaseReply.Granted) reply).lease();
    }

    /** A context with messages and a short earlier part. */
    static String context(Consumer<ObjectNode> change) {
        ObjectNode context = (ObjectNode) MAPPER.readTree("""
                {"workspaceId":"w1","title":" T ","legacyIdea":null,"messageCount":3,
                 "recentMessages":[{"id":"m3","role":"user","text":"three","subtitle":"s","createdAtMs":3}],
                 "priorMessages":[{"id":"m1","role":"user","text":"one","createdAtMs":1},
                                  {"id":"m2","role":"user","text":"two","createdAtMs":2.5}],
                 "recentText":"three","priorTextVerbatim":"one two","recentTokenEstimate":1,"priorTokenEstimate":2,
                 "priorNeedsSummarization":false,"storedPriorSummary":null,"storedSummaryCoversPrior":false,"new":1}
                """);
        change.accept(context);
        return context.toString();
    }

    @Override
    public void close() {
        server.close();
        StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
    }
}
