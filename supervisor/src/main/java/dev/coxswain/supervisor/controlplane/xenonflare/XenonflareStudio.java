package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.http.JsonRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control plane of Xenonflare Studio's shorts jobs (contract xenonflare-studio). */
public final class XenonflareStudio extends XenonflarePlane {
    /** The contract knows no time limits; ours. */
    private static final Duration ANSWER_TIMEOUT = JsonRequest.DEFAULT_TIMEOUT;
    static final Operation LEASE = Operation.lease("/leaseRunnerJob");
    static final Operation HEARTBEAT = Operation.heartbeat("/heartbeatRunnerJob");
    static final Operation SIGN = new Operation("sign", "/runnerSignUpload", ANSWER_TIMEOUT);
    static final Operation COMPLETE = new Operation("complete", "/completeRunnerJob", ANSWER_TIMEOUT);
    static final Operation FAIL = new Operation("fail", "/failRunnerJob", ANSWER_TIMEOUT);
    private static final Operation CHECK = Operation.check(HEARTBEAT.path());
    private static final String ID = "projectId";

    /** The operations that both {@link JsonCalls} must be made with. */
    public static final Set<String> OPERATIONS = Operation.labels(LEASE, HEARTBEAT, SIGN, COMPLETE, FAIL, CHECK);

    /**
     * Makes the adapter.
     *
     * @param calls for everything but heartbeats, with the base URL of {@code config}
     * @param heartbeats for heartbeats only, with the same base URL and a connection pool of its own
     * @param random any 64 bits; makes the names of leases unique
     */
    public XenonflareStudio(ControlPlaneConfig config, JsonCalls calls, JsonCalls heartbeats, JsonMapper mapper,
            FleetClock clock, LongSupplier random) {
        super(config, calls, heartbeats, mapper, clock, random,
                new Dialect(ID, LEASE, HEARTBEAT, COMPLETE, FAIL, CHECK));
    }

    @Override
    LeaseReply read(Credential credential, JsonAnswer answer) {
        JsonNode body = transport().object(LEASE, answer);
        String projectId = LeaseAnswer.id(body, ID);
        if (!LeaseAnswer.isLeased(body, projectId != null)) {
            if (!LeaseAnswer.isNoJob(body)) {
                throw transport().garbled(LEASE, answer, "leased is missing", null);
            }
            return noJob(answer);
        }
        if (projectId == null) {
            throw transport().garbled(LEASE, answer, "leased is true, but projectId is missing or unusable", null);
        }
        return new LeaseReply.Granted(
                new StudioLease(parts(credential, answer, body, projectId), LeaseAnswer.includesTts(body)),
                transport().rateLimit(answer));
    }

    @Override
    Lease restored(LeaseParts parts) {
        return new StudioLease(parts, false);
    }
}
