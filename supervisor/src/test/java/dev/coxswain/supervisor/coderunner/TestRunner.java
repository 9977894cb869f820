package dev.coxswain.supervisor.coderunner;

import java.util.Objects;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.coderunner.CoderunnerControlPlane;
import dev.coxswain.supervisor.controlplane.coderunner.ExecutionQueue;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Plays a runner of the fleet: leases through the adapter, begins, and settles. */
final class TestRunner {
    private final CoderunnerControlPlane plane;
    private final Credential credential = new Credential("functions-1", new Secret("none"));

    TestRunner(ExecutionQueue queue) {
        this.plane = new CoderunnerControlPlane("functions", queue, FleetClock.system());
    }

    CoderunnerControlPlane plane() {
        return plane;
    }

    /** The next execution, as soon as one has come; not begun. */
    Lease lease() {
        return Objects.requireNonNull(Mono.defer(() -> plane.lease(credential))
                .flatMap(reply -> reply instanceof LeaseReply.Granted granted
                        ? Mono.just(granted.lease())
                        : Mono.<Lease>empty())
                .repeatWhenEmpty(tries -> tries.flatMap(none -> plane.arrivals().next(), 1))
                .block(TestServer.PATIENCE));
    }

    /** Nothing waits. */
    boolean isIdle() {
        return plane.lease(credential).block(TestServer.PATIENCE) instanceof LeaseReply.NoJob;
    }

    /** Runs the next execution to its end; emits what its workload was given. */
    JsonNode complete(String result) {
        return end(new Outcome.Complete("{\"result\":" + result + ",\"exitCode\":null}"));
    }

    JsonNode fail(Outcome.Cause cause, String message) {
        return end(new Outcome.Fail(cause, message));
    }

    private JsonNode end(Outcome outcome) {
        Lease lease = begun();
        settle(lease, outcome);
        return document(lease);
    }

    Lease begun() {
        Lease lease = lease();
        assertThat(lease.begin().block(TestServer.PATIENCE)).isNotNull();
        return lease;
    }

    static void settle(Lease lease, Outcome outcome) {
        assertThat(lease.settle(outcome).block(TestServer.PATIENCE)).isEqualTo(new SettleReply.Acknowledged());
    }

    static JsonNode document(Lease lease) {
        return TestServer.JSON.readTree(lease.job().document());
    }
}
