package dev.coxswain.supervisor.controlplane.oore;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The control plane of Oore CI (contract oore-ci). Its credentials are a runner's id and token. */
public final class OoreControlPlane implements ControlPlane {
    /** The operations that both {@link JsonCalls} must be made with. */
    public static final Set<String> OPERATIONS = Operation.LABELS;
    /** Two keystores of 5 MiB in base64 are the longest answer (contract oore-ci 8). */
    public static final int MAX_ANSWER_BYTES = 16 << 20;
    private static final Duration PRESENCE_INTERVAL = Duration.ofSeconds(30);
    /** An id that no build has: the answer tells of the credential and touches nothing. */
    private static final String NOBODYS_BUILD = "00000000-0000-4000-8000-000000000000";

    private final String name;
    private final Calls calls;
    private final Claiming claiming;
    private final LongSupplier random;

    /**
     * Makes the adapter.
     *
     * @param calls for everything but heartbeats, with the base URL of {@code config}
     * @param heartbeats for heartbeats only, with the same base URL and a connection pool of its own
     * @param random any 64 bits; makes the names of leases unique
     */
    public OoreControlPlane(ControlPlaneConfig config, JsonCalls calls, JsonCalls heartbeats, JsonMapper mapper,
            FleetClock clock, LongSupplier random) {
        this.name = config.name();
        this.calls = new Calls(config.url(), new Transport(calls, mapper, clock),
                new Transport(heartbeats, mapper, clock), mapper, clock, new Generations());
        this.claiming = new Claiming(this.calls);
        this.random = random;
    }

    @Override
    public String name() {
        return name;
    }

    /** An empty claim is 200 with {@code {}}, or 204 (contract oore-ci 2). A maintenance barrier is a 500, which passes. */
    @Override
    public Mono<LeaseReply> lease(Credential credential) {
        return claiming.claim(credential).map(answer -> read(credential, answer));
    }

    private LeaseReply read(Credential credential, JsonAnswer answer) {
        if (answer.status() == 204) {
            return noJob(answer);
        }
        JsonNode job = ClaimedJob.job(calls.calls().object(Operation.LEASE, answer));
        if (job.isMissingNode() || job.isNull()) {
            return noJob(answer);
        }
        ClaimedJob claimed = ClaimedJob.read(job, answer, calls.clock());
        if (claimed == null) {
            throw calls.calls().garbled(Operation.LEASE, answer, "job.build_id is missing or unusable");
        }
        // the grant stays behind the lease: what runs the job gets at the material through it
        ((ObjectNode) job).remove("signing_token");
        return new LeaseReply.Granted(new OoreLease(calls, credential,
                new Job(key(claimed.build()), claimed.build(), calls.mapper().writeValueAsString(job)),
                claimed.term(),
                calls.generations().next(Calls.runnerPath(credential), claimed.build()),
                new Grants(calls, credential, claimed.build(), claimed.signingGrant(),
                        claimed.proxyPath())));
    }

    private LeaseReply noJob(JsonAnswer answer) {
        return new LeaseReply.NoJob(answer.retryAfter(calls.clock().now()));
    }

    /** {@code <control plane>-<build>-<suffix>}, safe as a file name and in a URL. */
    private String key(String build) {
        String safe = (name + "-" + build.substring(0, Math.min(build.length(), 40))).replaceAll("[^A-Za-z0-9-]+", "_");
        return safe + "-" + Long.toString(calls.clock().now().toEpochMilli(), 36)
                + String.format(Locale.ROOT, "%010x", random.getAsLong() & ((1L << 40) - 1));
    }

    @Override
    public Lease restore(LeaseRecord record, Credential credential) {
        LeaseTerm over = new LeaseTerm(calls.clock().nanos(), Duration.ZERO, false);
        return new OoreLease(calls, credential, new Job(record.key(), record.jobId(), ""), over,
                calls.generations().next(Calls.runnerPath(credential), record.jobId()),
                new Grants(calls, credential, record.jobId(), null, ""));
    }

    @Override
    public Duration presenceInterval() {
        return PRESENCE_INTERVAL;
    }

    @Override
    public Mono<Void> present(Credential credential, Presence presence) {
        String status = switch (presence) {
            case IDLE -> "online";
            case BUSY -> "busy";
            case DRAINING -> "draining";
            case GONE -> "offline";
        };
        return calls.heartbeats()
                .post(Operation.PRESENCE, credential, Calls.runnerPath(credential) + "/heartbeat",
                        calls.mapper().createObjectNode().put("status", status))
                .flatMap(answer -> answer.is2xx()
                        ? Mono.empty()
                        : Mono.error(calls.heartbeats().runnerError(Operation.PRESENCE, answer, credential)));
    }

    /** Asks after a build that there is not; 404 means that runner id and token fit. */
    @Override
    public Mono<Void> check(Credential credential) {
        return calls.calls().get(Operation.CHECK, credential, Calls.jobPath(credential, NOBODYS_BUILD))
                .flatMap(answer -> answer.status() == 404 && calls.calls().code(answer).equals("not_found")
                        ? Mono.empty()
                        : Mono.error(answer.is2xx() || answer.status() == 404
                                ? calls.calls().garbled(Operation.CHECK, answer, "this is no answer of an Oore daemon")
                                : calls.calls().runnerError(Operation.CHECK, answer, credential)));
    }
}
