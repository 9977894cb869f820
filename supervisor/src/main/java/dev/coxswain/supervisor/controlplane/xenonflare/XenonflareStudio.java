package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.http.JsonRequest;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The control plane of Xenonflare Studio's shorts jobs (contract xenonflare-studio). */
public final class XenonflareStudio implements ControlPlane {
    /** The operations that both {@link JsonCalls} must be made with. */
    public static final Set<String> OPERATIONS = Arrays.stream(StudioOperation.values()).map(StudioOperation::label)
            .collect(Collectors.toUnmodifiableSet());
    private static final String ID = "projectId";
    private static final Dialect DIALECT = new Dialect(ID, StudioOperation.HEARTBEAT, StudioOperation.COMPLETE,
            StudioOperation.FAIL);
    /** No real id looks like it, so asking after it needs a valid credential and touches nobody's job. */
    private static final String NO_PROJECT = "coxswain-check";

    private final ControlPlaneConfig config;
    private final Calls calls;
    private final Transport leases;
    private final LeaseKeys keys;

    /**
     * @param calls for everything but heartbeats, with the base URL of {@code config}
     * @param heartbeats for heartbeats only, with the same base URL and a connection pool of its own
     * @param random any 64 bits; makes the names of leases unique
     */
    public XenonflareStudio(ControlPlaneConfig config, JsonCalls calls, JsonCalls heartbeats, JsonMapper mapper,
            FleetClock clock, LongSupplier random) {
        this.config = config;
        this.calls = new Calls(new Transport(calls, mapper, clock, JsonRequest.DEFAULT_TIMEOUT),
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
        return leases.post(StudioOperation.LEASE, credential, JsonNodeFactory.instance.objectNode()).map(answer -> {
            if (!answer.is2xx()) {
                throw leases.error(StudioOperation.LEASE, answer, credential);
            }
            return leased(answer, credential);
        });
    }

    @Override
    public Lease restore(LeaseRecord record, Credential credential) {
        Handle handle = Handle.read(calls.mapper(), ID, record.handle(), record.jobId());
        // over already: no heartbeat of this life has shown yet that the lease is still ours
        LeaseTerm over = new LeaseTerm(calls.clock().nanos(), Duration.ZERO, false);
        return new StudioLease(calls, credential, new Job(record.key(), handle.id(), ""), over, handle, false);
    }

    @Override
    public Mono<Void> check(Credential credential) {
        Transport transport = calls.calls();
        JsonNode body = JsonNodeFactory.instance.objectNode().put(ID, NO_PROJECT);
        return transport.post(StudioOperation.CHECK, credential, body).flatMap(answer -> {
            return transport.checked(StudioOperation.CHECK, answer, credential);
        });
    }

    private LeaseReply leased(JsonAnswer answer, Credential credential) {
        JsonNode body = leases.object(StudioOperation.LEASE, answer);
        String projectId = LeaseAnswer.id(body, ID);
        if (!LeaseAnswer.isLeased(body, projectId != null)) {
            if (!LeaseAnswer.isNoJob(body)) {
                throw leases.garbled(StudioOperation.LEASE, answer, "leased is missing", null);
            }
            return new LeaseReply.NoJob(answer.retryAfter(calls.clock().now()), calls.calls().rateLimit(answer));
        }
        if (projectId == null) {
            throw leases.garbled(StudioOperation.LEASE, answer,
                    "leased is true, but projectId is missing or unusable",
                    null);
        }
        LeaseTerm usual = new LeaseTerm(answer.sentAtNanos(), Terms.USUAL, false);
        LeaseTerm term = Terms.read(body, answer, calls.clock(), usual);
        Job job = new Job(keys.next(projectId), projectId, answer.text());
        Handle handle = new Handle(projectId, term.length(), term.coarse());
        return new LeaseReply.Granted(
                new StudioLease(calls, credential, job, term, handle, LeaseAnswer.includesTts(body)),
                calls.calls().rateLimit(answer));
    }
}
