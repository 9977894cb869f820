package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.wire.Wire;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The control plane of shithub Actions (contract shithub-actions). Its credentials are registration tokens; two processes must
 * not share one, since each would have the other's jobs cancelled (trap 7).
 */
public final class ShithubControlPlane implements ControlPlane {
    /** The operations that both {@link JsonCalls} must be made with. */
    public static final Set<String> OPERATIONS = Operation.LABELS;
    /** Far more than a workflow's scripts and secrets. */
    public static final int MAX_ANSWER_BYTES = 16 << 20;
    /** An operator sees a heartbeat of more than two minutes ago as stale, and 60 a minute may be sent (section 3.2, 1). */
    private static final Duration PRESENCE_INTERVAL = Duration.ofSeconds(30);

    private final String name;
    private final Calls calls;
    private final RunnerCalls runners;
    private final Function<Credential, RunnerProfile> profiles;
    private final LongSupplier random;
    /** One for each registration token in use, so as many as the configuration has. */
    private final Map<Secret, ClaimLoop> loops = new ConcurrentHashMap<>();

    /**
     * Makes the adapter.
     *
     * @param calls for everything but what renews; with the origin of {@code config}'s URL, as is the protocol's custom
     * @param heartbeats for cancel checks and heartbeats of busy runners, with the same URL and a connection pool of its own
     * @param profiles what each runner says of itself; asked for each heartbeat
     * @param random any 64 bits; makes the names of leases unique
     */
    public ShithubControlPlane(ControlPlaneConfig config, JsonCalls calls, JsonCalls heartbeats, JsonMapper mapper,
            FleetClock clock, Function<Credential, RunnerProfile> profiles, LongSupplier random) {
        this.name = config.name();
        Wire wire = new Wire(calls, mapper, clock);
        this.calls = new Calls(wire, new Wire(heartbeats, mapper, clock), new Fates(wire, clock), mapper, clock);
        this.runners = new RunnerCalls(this.calls);
        this.profiles = profiles;
        this.random = random;
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * One job or none for one reserved slot; requests of one credential go out one after another, see {@link ClaimLoop}.
     * Cancelling is safe: a job that was granted meanwhile is the next one's.
     */
    @Override
    public Mono<LeaseReply> lease(Credential credential) {
        return Mono.defer(() -> loop(credential).lease());
    }

    private ClaimLoop loop(Credential credential) {
        return loops.computeIfAbsent(credential.token(),
                token -> new ClaimLoop(() -> profiles.apply(credential).slots(),
                        (claiming, capacity, active) -> beat(credential, claiming, capacity, active)));
    }

    private Mono<LeaseReply> beat(Credential credential, boolean claiming, int capacity, List<Long> active) {
        return runners.heartbeat(claiming ? Operation.LEASE : Operation.PRESENCE, credential,
                profiles.apply(credential), capacity, active).map(this::read);
    }

    /** 204 says nothing of why (trap 13). */
    private LeaseReply read(JsonAnswer answer) {
        if (answer.status() == 204) {
            return new LeaseReply.NoJob(answer.retryAfter(calls.clock().now()), rate(answer));
        }
        JsonNode body = calls.calls().tree(answer);
        ClaimedJob claimed = body == null ? null : ClaimedJob.read(body, answer, calls.clock());
        if (claimed == null) {
            // should there be a job, the next heartbeat does not list it, so it is cancelled there
            throw new ControlPlaneException.Garbled("lease at " + calls.calls().host() + ": HTTP " + answer.status()
                    + ": no job with an id and a token; got " + answer.body().length + " bytes", null);
        }
        String id = Long.toString(claimed.id());
        return new LeaseReply.Granted(new ShithubLease(calls,
                new Job(key(id), id, calls.mapper().writeValueAsString(claimed.document())), claimed),
                rate(answer));
    }

    /** Heartbeats are counted for each runner (section 1). */
    private @Nullable RateLimit rate(JsonAnswer answer) {
        RateLimit rate = calls.calls().rateLimit(answer);
        return rate == null ? null : rate.forRunner();
    }

    /** {@code <control plane>-<job>-<suffix>}, safe as a file name and in a URL. */
    private String key(String job) {
        return (name + "-" + job).replaceAll("[^A-Za-z0-9-]+", "_") + "-"
                + Long.toString(calls.clock().now().toEpochMilli(), 36)
                + String.format(Locale.ROOT, "%010x", random.getAsLong() & ((1L << 40) - 1));
    }

    /** Its tokens were in no journal: it counts as lost at once, and the control plane cancels it (section 16.2). */
    @Override
    public Lease restore(LeaseRecord record, Credential credential) {
        return ShithubLease.lost(calls, new Job(record.key(), record.jobId(), ""));
    }

    @Override
    public Duration presenceInterval() {
        return PRESENCE_INTERVAL;
    }

    /**
     * A heartbeat that claims nothing while jobs run; without one nothing is sent, since each heartbeat is a claim. Also
     * looks after jobs that came and that nobody took.
     */
    @Override
    public Mono<Void> present(Credential credential, Presence presence) {
        return Mono.defer(() -> {
            ClaimLoop loop = loops.get(credential.token());
            if (loop == null) {
                return Mono.empty();
            }
            return switch (presence) {
                case IDLE, BUSY -> both(loop.spares().keepAlive(), loop.keep());
                case DRAINING -> both(loop.spares().cancelAll(), loop.keep());
                case GONE -> both(loop.spares().cancelAll(), Mono.fromRunnable(() -> forget(credential, loop)));
            };
        });
    }

    private static Mono<Void> both(Mono<Void> first, Mono<Void> second) {
        return Flux.concatDelayError(first, second).then();
    }

    private void forget(Credential credential, ClaimLoop loop) {
        if (loop.isIdle()) {
            loops.remove(credential.token(), loop);
        }
    }

    @Override
    public Mono<Void> check(Credential credential) {
        return runners.check(credential);
    }
}
