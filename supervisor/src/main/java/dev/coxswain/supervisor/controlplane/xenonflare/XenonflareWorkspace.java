package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The control plane of Xenonflare's workspace jobs (contract xenonflare-workspace). */
public final class XenonflareWorkspace implements ControlPlane {
    /** The operations that both {@link JsonCalls} must be made with. */
    public static final Set<String> OPERATIONS = Arrays.stream(WorkspaceOperation.values())
            .map(WorkspaceOperation::label).collect(Collectors.toUnmodifiableSet());
    /** What the {@link JsonCalls} must take: a context holds a whole conversation, its older part twice. */
    public static final int MAX_ANSWER_BYTES = 16 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(XenonflareWorkspace.class);
    private static final String ID = "workspaceId";
    private static final Dialect DIALECT = new Dialect(ID, WorkspaceOperation.HEARTBEAT, WorkspaceOperation.COMPLETE,
            WorkspaceOperation.FAIL);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(1);
    /** No real id looks like it, so asking after it needs a valid credential and touches nobody's job. */
    private static final String NO_WORKSPACE = "coxswain-check";

    private final ControlPlaneConfig config;
    private final Calls calls;
    private final Transport leases;
    private final LeaseKeys keys;

    /**
     * Makes the adapter.
     *
     * @param calls for everything but heartbeats, with the base URL of {@code config}
     * @param heartbeats for heartbeats only, with the same base URL and a connection pool of its own
     * @param random any 64 bits; makes the names of leases unique
     */
    public XenonflareWorkspace(ControlPlaneConfig config, JsonCalls calls, JsonCalls heartbeats, JsonMapper mapper,
            FleetClock clock, LongSupplier random) {
        this.config = config;
        this.calls = new Calls(new Transport(calls, mapper, clock, ANSWER_TIMEOUT),
                new Transport(heartbeats, mapper, clock, Transport.HEARTBEAT_TIMEOUT), mapper, ExactJson.of(mapper),
                clock, DIALECT);
        this.leases = new Transport(calls, mapper, clock, Transport.LEASE_TIMEOUT);
        this.keys = new LeaseKeys(config.name(), clock, random);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public Mono<LeaseReply> lease(Credential credential) {
        return leases.post(WorkspaceOperation.LEASE, credential, JsonNodeFactory.instance.objectNode())
                .map(answer -> {
                    if (!answer.is2xx()) {
                        throw leases.error(WorkspaceOperation.LEASE, answer, credential);
                    }
                    return leased(answer, credential);
                });
    }

    @Override
    public Lease restore(LeaseRecord record, Credential credential) {
        Handle handle = Handle.read(calls.mapper(), ID, record.handle(), record.jobId());
        // over already: no heartbeat of this life has shown yet that the lease is still ours
        LeaseTerm over = new LeaseTerm(calls.clock().nanos(), Duration.ZERO, false);
        return new WorkspaceLease(calls, credential, new Job(record.key(), handle.id(), ""), over, handle, null);
    }

    @Override
    public Mono<Void> check(Credential credential) {
        Transport transport = calls.calls();
        JsonNode body = JsonNodeFactory.instance.objectNode().put(ID, NO_WORKSPACE);
        return transport.post(WorkspaceOperation.CHECK, credential, body)
                .flatMap(answer -> transport.checked(WorkspaceOperation.CHECK, answer, credential));
    }

    private LeaseReply leased(JsonAnswer answer, Credential credential) {
        JsonNode body = lost(() -> leases.object(WorkspaceOperation.LEASE, answer));
        if (LeaseAnswer.isNoJob(body)) {
            return new LeaseReply.NoJob(answer.retryAfter(calls.clock().now()), leases.rateLimit(answer));
        }
        JsonNode id = body.path(ID);
        if (!id.isString() || id.stringValue().isBlank()) {
            return lost(() -> {
                throw leases.garbled(WorkspaceOperation.LEASE, answer,
                        "leased is not false, but workspaceId is missing or unusable", null);
            });
        }
        String workspaceId = id.stringValue();
        Job job = new Job(keys.next(workspaceId), workspaceId, answer.text());
        String misfit = misfit(body);
        if (misfit != null) {
            LOG.error("the lease answer does not fit, the job is reported as failed: job={} {}", job.key(), misfit);
        }
        LeaseTerm usual = new LeaseTerm(answer.sentAtNanos(), Terms.USUAL, false);
        LeaseTerm term = Terms.read(body, answer, calls.clock(), usual);
        Handle handle = new Handle(workspaceId, term.length(), term.coarse());
        return new LeaseReply.Granted(new WorkspaceLease(calls, credential, job, term, handle, misfit),
                leases.rateLimit(answer));
    }

    /** What is wrong with a lease answer that names its workspace (trap 1); null when it fits. */
    private static @Nullable String misfit(JsonNode body) {
        JsonNode leased = body.path("leased");
        String problem = !leased.isBoolean() || !leased.booleanValue()
                ? "leased is not true"
                : LeaseAnswer.id(body, ID) == null
                        ? "workspaceId can't be an id"
                        : !body.path("leaseExpiresAt").isNumber()
                                ? "leaseExpiresAt is no number"
                                : !body.path("workspace").isObject() ? "workspace is no object" : null;
        return problem == null ? null : "invalid_lease_payload: " + problem;
    }

    /** An answer that can't be read may hide a job, which then waits for the end of its lease: that must not pass unseen. */
    private static <T> T lost(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ControlPlaneException.Garbled e) {
            LOG.error("a lease answer can't be read; if it held a job, that waits for the end of its lease: {}",
                    e.getMessage());
            throw e;
        }
    }
}
