package dev.coxswain.supervisor.shard;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.shard.Op.Answer;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import static org.assertj.core.api.Assertions.assertThat;

/** What is made of an API server that says no, in whatever way. */
class KubernetesLeasesRefusalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private volatile int status;
    private final DisposableServer server = HttpServer.create().host("127.0.0.1").port(0)
            .handle((request, response) -> request.receive().then(Mono.defer(() -> response.status(status)
                    .header("Content-Type", "application/json").sendString(Mono.just("{\"kind\":\"Status\",\"code\":"
                            + status + ",\"status\":\"Failure\",\"message\":\"so it\\nis\"}"))
                    .then())))
            .bindNow(PATIENCE);

    @BeforeEach
    void name() {
        System.setProperty("kubernetes.master", "http://127.0.0.1:" + server.port());
    }

    @AfterEach
    void close() {
        System.clearProperty("kubernetes.master");
        server.disposeNow(PATIENCE);
    }

    private static KubernetesLeases leases() {
        return new KubernetesLeases("fleets", Duration.ofSeconds(20),
                new LeaseForms("fleet", "one", 8, Duration.ofSeconds(10), "one", () -> Instant.EPOCH));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 410, 422, 429, 500, 503})
    void aRefusalIsToldAndNobodyKnowsWhetherItWasDone(int code) {
        status = code;
        try (KubernetesLeases leases = leases()) {
            Answer told = new Answer.Failed("status " + code + ", so it is");

            assertThat(leases.call(new Op.Look())).isEqualTo(told);
            assertThat(leases.call(new Op.Renew("one_a", false, Set.of(), null))).isEqualTo(told);
            assertThat(leases.call(new Op.Renew("one_a", false, Set.of(), "7"))).isEqualTo(told);
            assertThat(leases.call(new Op.Take(3, "one_a", "7"))).isEqualTo(told);
            assertThat(leases.call(new Op.Release(3, "7"))).isEqualTo(told);
            assertThat(leases.call(new Op.Remove("two", "7"))).isEqualTo(told);
        }
    }

    @Test
    void whatIsNotThereWasReplacedMeanwhileAndWhereNothingCanBeMadeTheNamespaceIsMissing() {
        status = 404;
        try (KubernetesLeases leases = leases()) {
            assertThat(leases.call(new Op.Renew("one_a", false, Set.of(), "7"))).isEqualTo(new Answer.Conflict());
            assertThat(leases.call(new Op.Release(3, "7"))).isEqualTo(new Answer.Conflict());

            assertThat(leases.call(new Op.Renew("one_a", false, Set.of(), null))).isInstanceOf(Answer.Failed.class);
            assertThat(leases.call(new Op.Take(3, "one_a", null))).isInstanceOf(Answer.Failed.class);
            assertThat(leases.call(new Op.Look())).isInstanceOf(Answer.Failed.class);
        }
    }

    @Test
    void aServerThatIsNotThereIsToldInItsOwnWords() {
        server.disposeNow(PATIENCE);
        try (KubernetesLeases leases = leases()) {
            assertThat(leases.call(new Op.Look())).isInstanceOfSatisfying(Answer.Failed.class,
                    failed -> assertThat(failed.reason()).isNotBlank().doesNotStartWith("status"));
        }
    }
}
