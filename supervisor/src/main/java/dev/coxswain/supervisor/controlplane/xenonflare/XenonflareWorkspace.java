package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control plane of Xenonflare's workspace jobs (contract xenonflare-workspace). */
public final class XenonflareWorkspace extends XenonflarePlane {
    /** For what carries a whole conversation or a whole result (contract xenonflare-workspace 8). */
    private static final Duration LARGE_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(1);
    static final Operation LEASE = Operation.lease("/leaseWorkspaceJob");
    static final Operation HEARTBEAT = Operation.heartbeat("/heartbeatWorkspaceJob");
    static final Operation CONTEXT = new Operation("context", "/getWorkspaceRunnerContext", LARGE_TIMEOUT);
    static final Operation SUMMARY = new Operation("summary", "/updateWorkspaceRunnerSummary", ANSWER_TIMEOUT);
    static final Operation COMPLETE = new Operation("complete", "/completeWorkspaceJob", LARGE_TIMEOUT);
    static final Operation FAIL = new Operation("fail", "/failWorkspaceJob", ANSWER_TIMEOUT);
    private static final Operation CHECK = Operation.check(HEARTBEAT.path());
    private static final String ID = "workspaceId";

    /** The operations that both {@link JsonCalls} must be made with. */
    public static final Set<String> OPERATIONS = Operation.labels(LEASE, HEARTBEAT, CONTEXT, SUMMARY, COMPLETE, FAIL,
            CHECK);
    /** What the {@link JsonCalls} must take: a context holds a whole conversation, its older part twice. */
    public static final int MAX_ANSWER_BYTES = 16 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(XenonflareWorkspace.class);

    /**
     * Makes the adapter.
     *
     * @param calls for everything but heartbeats, with the base URL of {@code config}
     * @param heartbeats for heartbeats only, with the same base URL and a connection pool of its own
     * @param random any 64 bits; makes the names of leases unique
     */
    public XenonflareWorkspace(ControlPlaneConfig config, JsonCalls calls, JsonCalls heartbeats, JsonMapper mapper,
            FleetClock clock, LongSupplier random) {
        super(config, calls, heartbeats, mapper, clock, random,
                new Dialect(ID, LEASE, HEARTBEAT, COMPLETE, FAIL, CHECK));
    }

    @Override
    LeaseReply read(Credential credential, JsonAnswer answer) {
        JsonNode body = lost(() -> transport().object(LEASE, answer));
        if (LeaseAnswer.isNoJob(body)) {
            return noJob(answer);
        }
        JsonNode id = body.path(ID);
        if (!id.isString() || id.stringValue().isBlank()) {
            return lost(() -> {
                throw transport().garbled(LEASE, answer,
                        "leased is not false, but workspaceId is missing or unusable", null);
            });
        }
        LeaseParts parts = parts(credential, answer, body, id.stringValue());
        String misfit = misfit(body);
        if (misfit != null) {
            LOG.error("the lease answer does not fit, the job is reported as failed: job={} {}", parts.job().key(),
                    misfit);
        }
        return new LeaseReply.Granted(new WorkspaceLease(parts, misfit), transport().rateLimit(answer));
    }

    @Override
    Lease restored(LeaseParts parts) {
        return new WorkspaceLease(parts, null);
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
