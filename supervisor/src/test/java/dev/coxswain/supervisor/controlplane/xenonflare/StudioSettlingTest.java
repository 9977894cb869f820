package dev.coxswain.supervisor.controlplane.xenonflare;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class StudioSettlingTest {
    private static final Outcome COMPLETE = new Outcome.Complete("{\"projectId\":\"p1\",\"videoUrl\":\"https://a/ü\"}");
    private final Studio studio = new Studio();
    private final Lease lease = studio.lease();

    @AfterEach
    void close() {
        studio.close();
    }

    @Test
    void completeSendsTheComposedBody() {
        settles(COMPLETE, Reply.json("{\"ok\":true}"), new SettleReply.Acknowledged());

        assertThat(studio.server.only().uri()).isEqualTo("/completeRunnerJob");
        assertThat(studio.server.only().body()).isEqualTo(((Outcome.Complete) COMPLETE).body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"FAILURE|exit code 3|exit code 3", "CANCELLED|draining|cancelled: draining",
            "CANCELLED|cancelled: by a person|cancelled: by a person", "TIMEOUT|after 30m|timed out: after 30m",
            "FAILURE|''|the job ended without a message"})
    void failSendsOneLine(Outcome.Cause cause, String message, String error) {
        settles(new Outcome.Fail(cause, message), Reply.of(200, ""), new SettleReply.Acknowledged());

        assertThat(studio.server.only().uri()).isEqualTo("/failRunnerJob");
        assertThat(studio.server.only().body()).isEqualTo("{\"projectId\":\"p1\",\"error\":\"" + error + "\"}");
    }

    @Test
    void anyTwoHundredThatIsNobodyElsesAcknowledges() {
        settles(COMPLETE, Reply.of(204, ""), new SettleReply.Acknowledged());
        settles(COMPLETE, Reply.json(201, "{}"), new SettleReply.Acknowledged());
        settles(COMPLETE, Reply.json("true"), new SettleReply.Acknowledged());
        settles(COMPLETE, Reply.of(200, "OK").with("Content-Type", "text/plain; charset=utf-8"),
                new SettleReply.Acknowledged());
    }

    @Test
    void aTwoHundredOfSomebodyElseOrHalfOfOneIsUnclear() {
        unclear(Reply.html(200), ControlPlaneException.Garbled.class);
        unclear(Reply.json("{\"ok\":tr"), ControlPlaneException.Garbled.class);
        unclear(Reply.json("{\"ok\":tr").sent(Manner.HALF), ControlPlaneException.Unavailable.class);
        unclear(Reply.json("{}").sent(Manner.RESET), ControlPlaneException.Unavailable.class);
        unclear(Reply.html(409), ControlPlaneException.Garbled.class);
        unclear(Reply.json(302, "{}"), ControlPlaneException.Garbled.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 410})
    void aLeaseThatIsNotOursIsGone(int status) {
        settles(COMPLETE, Reply.json(status, "{\"error\":\"already done\"}"),
                new SettleReply.Gone("HTTP " + status + " — already done"));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void anotherFinalStatusRefusesThisReport(int status) {
        settles(COMPLETE, Reply.json(status, "{\"error\":\"bad story\",\"detail\":\"scenes[0]\"}"),
                new SettleReply.Refused("HTTP " + status + " — bad story | detail: scenes[0]"));
        settles(COMPLETE, Reply.html(status), new SettleReply.Refused("HTTP " + status));
    }

    @ParameterizedTest
    @CsvSource({"401,CredentialRefused", "403,CredentialRefused", "408,Unavailable", "429,RateLimited",
            "500,Unavailable", "503,Unavailable"})
    void whatPassesIsRepeatedByTheCaller(int status, String kind) {
        studio.server.then(Reply.json(status, "{}"));

        StepVerifier.create(lease.settle(COMPLETE))
                .expectErrorSatisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(kind))
                .verify(Studio.PATIENCE);
        assertThat(studio.server.seen()).hasSize(1);
    }

    private void unclear(Reply answer, Class<? extends ControlPlaneException> kind) {
        studio.server.then(answer);
        StepVerifier.create(lease.settle(COMPLETE)).expectError(kind).verify(Studio.PATIENCE);
    }

    private void settles(Outcome outcome, Reply answer, SettleReply expected) {
        studio.server.then(answer);
        StepVerifier.create(lease.settle(outcome)).expectNext(expected).expectComplete().verify(Studio.PATIENCE);
    }
}
