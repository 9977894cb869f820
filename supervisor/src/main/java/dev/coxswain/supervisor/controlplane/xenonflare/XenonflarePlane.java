package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
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
import dev.coxswain.supervisor.http.JsonAnswer;
import dev.coxswain.supervisor.http.JsonCalls;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the control planes of both protocols do alike. They differ in how they read a lease answer, and in what a lease can
 * do.
 */
abstract sealed class XenonflarePlane implements ControlPlane permits XenonflareStudio, XenonflareWorkspace {
    /** No real id looks like it, so asking after it needs a valid credential and touches nobody's job. */
    private static final String NOBODYS_JOB = "coxswain-check";

    private final String name;
    private final Calls calls;
    private final LeaseKeys keys;

    XenonflarePlane(ControlPlaneConfig config, JsonCalls calls, JsonCalls heartbeats, JsonMapper mapper,
            FleetClock clock, LongSupplier random, Dialect dialect) {
        this.name = config.name();
        this.calls = new Calls(new Transport(calls, mapper, clock), new Transport(heartbeats, mapper, clock), mapper,
                ExactJson.of(mapper), clock, dialect);
        this.keys = new LeaseKeys(config.name(), clock, random);
    }

    /** Reads a 2xx answer to a lease request; throws a {@code ControlPlaneException} when it is none of the contract's. */
    abstract LeaseReply read(Credential credential, JsonAnswer answer);

    /** A lease of a former life. */
    abstract Lease restored(LeaseParts parts);

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final Mono<LeaseReply> lease(Credential credential) {
        Operation lease = calls.dialect().lease();
        return calls.calls().post(lease, credential, calls.mapper().createObjectNode()).map(answer -> {
            if (!answer.is2xx()) {
                throw calls.calls().error(lease, answer, credential);
            }
            return read(credential, answer);
        });
    }

    @Override
    public final Lease restore(LeaseRecord record, Credential credential) {
        Handle handle = Handle.read(calls.mapper(), calls.dialect().idField(), record.handle(), record.jobId());
        // over already: no heartbeat of this life has shown yet that the lease is still ours
        LeaseTerm over = new LeaseTerm(calls.clock().nanos(), Duration.ZERO, false);
        return restored(new LeaseParts(calls, credential, new Job(record.key(), handle.id(), ""), over, handle));
    }

    @Override
    public final Mono<Void> check(Credential credential) {
        Operation check = calls.dialect().check();
        JsonNode body = calls.mapper().createObjectNode().put(calls.dialect().idField(), NOBODYS_JOB);
        return calls.calls().post(check, credential, body)
                .flatMap(answer -> calls.calls().checked(check, answer, credential));
    }

    final Transport transport() {
        return calls.calls();
    }

    final LeaseReply noJob(JsonAnswer answer) {
        return new LeaseReply.NoJob(answer.retryAfter(calls.clock().now()), transport().rateLimit(answer));
    }

    /** The parts of a new lease that this answer gives. */
    final LeaseParts parts(Credential credential, JsonAnswer answer, JsonNode body, String id) {
        LeaseTerm usual = new LeaseTerm(answer.sentAtNanos(), Terms.USUAL, false);
        LeaseTerm term = Terms.read(body, answer, calls.clock(), usual);
        return new LeaseParts(calls, credential, new Job(keys.next(id), id, answer.text()), term,
                new Handle(id, term.length(), term.coarse()));
    }
}
