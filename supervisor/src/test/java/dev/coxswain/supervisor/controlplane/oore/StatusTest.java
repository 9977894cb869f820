package dev.coxswain.supervisor.controlplane.oore;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.StepMark;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;

import static org.assertj.core.api.Assertions.assertThat;

/** Running first and once, one end, and whose word counts (contract oore-ci 6). */
class StatusTest {
    private static final Outcome FAIL = new Outcome.Fail(Outcome.Cause.FAILURE, "no flutter");
    private final OoreRig rig = new OoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void trap06RunningIsPostedAndTheLeaseHasNoEndFromThen() {
        Lease lease = rig.lease();
        rig.server.then(Reply.json("{\"build\":{\"config_snapshot\":{}}}"));

        assertThat(OoreRig.only(lease.begin()).isEndless()).isTrue();
        assertThat(rig.server.only().uri()).isEqualTo(OoreRig.JOB + "/status");
        assertThat(rig.server.only().body()).isEqualTo("{\"status\":\"running\"}");
    }

    @Test
    void trap05ALostAnswerToRunningIsFoundOutByAsking() {
        Lease lease = rig.lease();
        rig.server.then(Reply.json("{}").sent(Manner.RESET), OoreRig.error(409, "invalid_transition"),
                OoreRig.state("running"));

        OoreRig.fails(lease.begin(), ControlPlaneException.Unavailable.class);
        assertThat(OoreRig.only(lease.begin()).isEndless()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"403,runner_mismatch", "404,not_found", "401,invalid_token"})
    void trap07ADefiniteNoEndsTheJobEverywhere(int status, String code) {
        Lease lease = rig.lease();
        rig.server.then(OoreRig.error(status, code), OoreRig.error(status, code), OoreRig.error(status, code));

        OoreRig.fails(lease.begin(), ControlPlaneException.LeaseLost.class);
        assertThat(OoreRig.only(lease.heartbeat())).isInstanceOf(HeartbeatReply.Lost.class);
        assertThat(OoreRig.only(lease.settle(FAIL))).isInstanceOf(SettleReply.Gone.class);
    }

    @Test
    void trap25AProxysNoDoesNot() {
        Lease lease = rig.running();
        rig.server.then(Reply.html(403), Reply.html(404), Reply.html(502));

        OoreRig.fails(lease.heartbeat(), ControlPlaneException.Garbled.class);
        OoreRig.fails(lease.heartbeat(), ControlPlaneException.Garbled.class);
        OoreRig.fails(lease.heartbeat(), ControlPlaneException.Unavailable.class);
    }

    @ParameterizedTest
    @CsvSource({"canceled", "succeeded", "failed", "timed_out", "expired", "queued"})
    void anOlderDaemonNamesTheEnd(String state) {
        Lease lease = rig.running();
        rig.server.then(OoreRig.state(state));

        assertThat(OoreRig.only(lease.heartbeat())).isEqualTo(new HeartbeatReply.Lost("the build is " + state));
    }

    @Test
    void anAssignedBuildKeepsTheTermOfItsClaim() {
        Lease lease = rig.lease();
        rig.server.then(OoreRig.state("assigned"), OoreRig.state("running"));

        assertThat(OoreRig.only(lease.heartbeat())).isEqualTo(new HeartbeatReply.Renewed(lease.term()));
        assertThat(((HeartbeatReply.Renewed) OoreRig.only(lease.heartbeat())).term().isEndless()).isTrue();
        assertThat(rig.server.seen()).allSatisfy(seen -> {
            assertThat(seen.method()).isEqualTo("GET");
            assertThat(seen.uri()).isEqualTo(OoreRig.JOB);
        });
    }

    @Test
    void trap03ABuildThatNeverRanIsMadeRunningBeforeItFails() {
        Lease lease = rig.lease();
        rig.server.then(OoreRig.state("assigned"), Reply.json("{}"), Reply.json("{}"));

        assertThat(OoreRig.only(lease.settle(FAIL))).isEqualTo(new SettleReply.Acknowledged());
        assertThat(rig.sent(1).path("status").stringValue()).isEqualTo("running");
        assertThat(rig.sent(2).toString()).isEqualTo(
                "{\"status\":\"failed\",\"exit_code\":1,\"error_message\":\"no flutter\",\"steps\":[]}");
    }

    @Test
    void aBuildOfAFormerLifeThatRanIsFailedOnce() {
        Lease lease = rig.plane.restore(new LeaseRecord("mobile-b-1-x", "mobile", "pool", "mobile-1", "b-1", "{}",
                OoreRig.NOW), OoreRig.CREDENTIAL);
        rig.server.then(OoreRig.state("running"), Reply.json("{}"));

        assertThat(((HeartbeatReply.Renewed) OoreRig.only(lease.heartbeat())).term().isEndless()).isTrue();
        assertThat(OoreRig.only(lease.settle(FAIL))).isEqualTo(new SettleReply.Acknowledged());
    }

    @Test
    void whetherABuildRunsIsAskedWhereNoAnswerSaidSo() {
        Lease lease = rig.lease();
        rig.server.then(Reply.json("{}").sent(Manner.RESET), OoreRig.state("running"), Reply.json("{}"));

        OoreRig.fails(lease.begin(), ControlPlaneException.Unavailable.class);
        assertThat(OoreRig.only(lease.settle(FAIL))).isEqualTo(new SettleReply.Acknowledged());
        assertThat(rig.sent(2).path("status").stringValue()).isEqualTo("failed");
    }

    @Test
    void theReportListsTheStepsAndTheirTimes() throws Exception {
        Lease lease = rig.running();
        lease.stepped(new StepMark(new ExecutionEvent.StepStarted("build-1", "flutter build apk"), OoreRig.NOW));
        lease.stepped(new StepMark(new ExecutionEvent.StepEnded("build-1", 0), OoreRig.NOW.plusMillis(2_500)));
        lease.stepped(new StepMark(new ExecutionEvent.StepStarted("build-2"), OoreRig.NOW));
        rig.server.then(Reply.json("{}"));

        assertThat(OoreRig.only(lease.settle(lease.compose("{}", Map.of())))).isEqualTo(new SettleReply.Acknowledged());

        assertThat(rig.sent(0)).isEqualTo(rig.mapper.readTree(
                """
                        {"status":"succeeded","exit_code":0,"steps":[
                         {"name":"build-1","status":"succeeded","exit_code":0,"started_at":1779012000,
                          "finished_at":1779012002,"duration_ms":2500},
                         {"name":"build-2","status":"failed","exit_code":-1,"started_at":1779012000,
                          "finished_at":1779012000,"duration_ms":0}]}"""));
    }

    @Test
    void trap08ATerminalReportWhoseAnswerWasLostMeetsTheAnswerOfTheGone() {
        Lease lease = rig.running();
        rig.server.then(Reply.json("{}").sent(Manner.RESET), OoreRig.GONE);

        OoreRig.fails(lease.settle(FAIL), ControlPlaneException.Unavailable.class);
        assertThat(OoreRig.only(lease.settle(FAIL))).isInstanceOf(SettleReply.Gone.class);
    }

    @ParameterizedTest
    @CsvSource({"409,Gone", "400,Refused"})
    void whatTheDaemonRefusesIsNotRepeated(int status, String reply) {
        Lease lease = rig.running();
        rig.server.then(OoreRig.error(status, "invalid_transition"));

        assertThat(OoreRig.only(lease.settle(FAIL)).getClass().getSimpleName()).isEqualTo(reply);
    }

    @Test
    void trap19WhatTheDaemonTellsOfSecretsIsInNoMessage() {
        Lease lease = rig.running();
        rig.server.then(Reply.json(500,
                "{\"error\":\"bad hush-hush-token\\nline\",\"code\":\"store_error\",\"build\":\"env-secret\"}"));

        reactor.test.StepVerifier.create(lease.settle(FAIL)).expectErrorSatisfies(e -> assertThat(e.toString())
                .contains("store_error").contains("bad *** line").doesNotContain("hush").doesNotContain("env-secret"))
                .verify(OoreRig.PATIENCE);
    }
}
