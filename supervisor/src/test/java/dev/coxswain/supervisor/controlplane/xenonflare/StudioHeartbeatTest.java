package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class StudioHeartbeatTest {
    private final Studio studio = new Studio();

    @AfterEach
    void close() {
        studio.close();
    }

    @Test
    void renewsFromTheMomentItWasSent() {
        Lease lease = studio.lease();
        studio.nanos.set(9_000);

        beats(lease, Reply.json("{\"ok\":true,\"leaseExpiresAt\":" + Studio.NOW.plusSeconds(300).toEpochMilli() + "}")
                .with("Date", "Sun, 17 May 2026 10:00:00 GMT"),
                new HeartbeatReply.Renewed(new LeaseTerm(9_000, Duration.ofMinutes(5), true)));

        assertThat(studio.server.only().uri()).isEqualTo("/heartbeatRunnerJob");
        assertThat(studio.server.only().body()).isEqualTo("{\"projectId\":\"p1\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"ok\":true}", "{\"leaseExpiresAt\":null}", "{\"leaseExpiresAt\":\"later\"}"})
    void withoutAnEndItRenewsByTheSameLengthAgain(String body) {
        beats(studio.lease(), Reply.json(body),
                new HeartbeatReply.Renewed(new LeaseTerm(5_000, Duration.ofMinutes(10), true)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"cancel\":true}", "{\"canceled\":true}", "{\"cancelled\":\"true\"}",
            "{\"status\":\"Cancelled\"}", "{\"cancelRequested\":true,\"reason\":\"\"}"})
    void aWishToCancelIsUnderstood(String body) {
        beats(studio.lease(), Reply.json(body), new HeartbeatReply.CancelRequested(
                new LeaseTerm(5_000, Duration.ofMinutes(10), true), "the control plane asks to cancel"));
    }

    @Test
    void noWishToCancelIsSeenWhereNoneIs() {
        beats(studio.lease(), Reply.json("{\"cancel\":false,\"status\":\"running\",\"canceled\":null}"),
                new HeartbeatReply.Renewed(new LeaseTerm(5_000, Duration.ofMinutes(10), true)));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 410})
    void aLeaseThatIsGoneIsLost(int status) {
        beats(studio.lease(), Reply.json(status, "{\"error\":\"no active lease\"}"),
                new HeartbeatReply.Lost("HTTP " + status + " — no active lease"));
        beats(studio.lease(), Reply.of(status, ""), new HeartbeatReply.Lost("HTTP " + status));
    }

    @ParameterizedTest
    @CsvSource({"401,CredentialRefused", "403,CredentialRefused", "429,RateLimited", "500,Unavailable",
            "400,Rejected"})
    void anotherStatusIsAFailedBeatAndNoEnd(int status, String kind) {
        Lease lease = studio.lease();
        studio.server.then(Reply.json(status, "{}"));

        StepVerifier.create(lease.heartbeat())
                .expectErrorSatisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind))
                .verify(Studio.PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404, 409, 410})
    void aPageOfAProxyIsNotTheControlPlanesWord(int status) {
        Lease lease = studio.lease();
        studio.server.then(Reply.html(status));

        StepVerifier.create(lease.heartbeat()).expectError(ControlPlaneException.Garbled.class)
                .verify(Studio.PATIENCE);
    }

    private void beats(Lease lease, Reply answer, HeartbeatReply expected) {
        studio.server.then(answer);
        StepVerifier.create(lease.heartbeat()).expectNext(expected).expectComplete().verify(Studio.PATIENCE);
    }
}
