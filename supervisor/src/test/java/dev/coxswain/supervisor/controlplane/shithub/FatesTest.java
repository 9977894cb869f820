package dev.coxswain.supervisor.controlplane.shithub;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** What each answer does to the token (contract shithub-actions 2.3, 2.4), seen at the second call. */
class FatesTest {
    private final ShithubRig rig = new ShithubRig();
    private final Lease lease = rig.lease();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource({"503,runner API is not configured,Unavailable", "401,job token required,Unavailable",
            "401,job token invalid,Unavailable", "401,words of tomorrow,Unavailable",
            "500,job lookup failed,Unavailable", "502,proxy with an error field,Unavailable",
            "504,late,Unavailable", "408,slow,Unavailable", "429,easy,RateLimited", "413,long,Rejected",
            "403,words of tomorrow,Rejected"})
    void trap02WhatComesBeforeTheTokenIsUsedKeepsIt(int status, String words, String failure) {
        keeps(ShithubRig.error(status, words), failure);
    }

    @ParameterizedTest
    @CsvSource({"400,Rejected", "401,Garbled", "403,Garbled", "404,Garbled", "405,Rejected", "500,Unavailable",
            "502,Unavailable", "503,Unavailable", "302,Garbled", "200,Garbled"})
    void aProxysWordDoesNotEndAJob(int status, String failure) {
        keeps(Reply.html(status), failure);
    }

    @ParameterizedTest
    @CsvSource({"RESET", "HALF"})
    void noWholeAnswerKeepsTheTokenForTheNextCallToFindOut(Manner manner) {
        keeps(ShithubRig.next(1).sent(manner), "Unavailable");
    }

    @ParameterizedTest
    @CsvSource({"400,invalid JSON: nope", "400,invalid status transition cancelled -> running", "402,quota",
            "404,step not found", "404,job not found", "500,append log failed", "500,runner token mint failed",
            "401,job token replayed"})
    void trap01WhatComesAfterTheTokenIsUsedEndsTheJob(int status, String words) {
        rig.server.then(ShithubRig.error(status, words));

        assertThat(ShithubRig.only(lease.heartbeat())).isEqualTo(new HeartbeatReply.Lost(words));
        assertThat(ShithubRig.only(lease.heartbeat())).isEqualTo(new HeartbeatReply.Lost(words));
        assertThat(rig.server.seen()).hasSize(1);
        assertThat(lease.isOver()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"{}", "{\"next_token\":null}", "{\"next_token\":\"\"}", "{\"next_token\":\"two words\"}"})
    void anAnswerWithoutANextTokenEndsTheJob(String body) {
        rig.server.then(Reply.json(body));

        assertThat(ShithubRig.only(lease.heartbeat())).isInstanceOf(HeartbeatReply.Lost.class);
        assertThat(rig.server.seen()).hasSize(1);
    }

    private void keeps(Reply reply, String failure) {
        rig.server.then(reply, ShithubRig.next(1), ShithubRig.next(2));

        StepVerifier.create(lease.heartbeat()).expectErrorSatisfies(
                e -> assertThat(e.getClass().getSimpleName()).isEqualTo(failure)).verify(ShithubRig.PATIENCE);
        assertThat(ShithubRig.only(lease.heartbeat())).isInstanceOf(HeartbeatReply.Renewed.class);
        assertThat(ShithubRig.only(lease.heartbeat())).isInstanceOf(HeartbeatReply.Renewed.class);

        assertThat(List.of(rig.bearer(0), rig.bearer(1), rig.bearer(2))).containsExactly("Bearer token-0",
                "Bearer token-0", "Bearer token-1");
    }
}
