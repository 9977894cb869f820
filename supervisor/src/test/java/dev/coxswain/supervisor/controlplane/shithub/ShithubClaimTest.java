package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The heartbeat as a request (contract shithub-actions 3). */
class ShithubClaimTest {
    private final ShithubRig rig = new ShithubRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private static Reply unknown(String key) {
        return ShithubRig.error(400, "invalid JSON: json: unknown field \\\"" + key + "\\\"");
    }

    private List<String> bodies() {
        return rig.server.seen().stream().map(seen -> seen.body()).toList();
    }

    @Test
    void trap13NothingIsClaimedWith204AndItSaysNothingOfWhy() {
        assertThat(rig.ask(ShithubRig.NONE)).isInstanceOf(LeaseReply.NoJob.class);

        assertThat(rig.server.only().uri()).isEqualTo("/api/v1/runners/heartbeat");
        assertThat(rig.bearer(0)).isEqualTo("Bearer " + ShithubRig.CREDENTIAL.token().reveal());
        assertThat(rig.server.only().body()).isEqualTo("{\"labels\":[\"self-hosted\",\"linux\"],\"capacity\":1,"
                + "\"host_name\":\"host-1\",\"version\":\"coxswain 1\",\"active_job_ids\":[]}");
    }

    @Test
    void trap06TheListIsAlwaysToldAndNeverNull() {
        rig.ask(ShithubRig.claim(7));
        rig.ask(ShithubRig.NONE);

        assertThat(rig.sent(0).path("active_job_ids").toString()).isEqualTo("[]");
        assertThat(rig.sent(1).path("active_job_ids").toString()).isEqualTo("[7]");
    }

    @Test
    void trap27TheRateHeadersAreInSecondsFromNow() {
        LeaseReply reply = rig.ask(ShithubRig.NONE.with("X-RateLimit-Limit", "60")
                .with("X-RateLimit-Remaining", "12").with("X-RateLimit-Reset", "30"));

        assertThat(reply).isEqualTo(new LeaseReply.NoJob(null, new RateLimit(12, Duration.ofSeconds(30), true)));
    }

    @Test
    void trap27NoTimeToWaitIsAnAnswer() {
        rig.server.then(ShithubRig.error(429, "rate limit exceeded").with("Retry-After", "0"));

        StepVerifier.create(rig.plane.lease(ShithubRig.CREDENTIAL)).expectErrorSatisfies(e -> {
            assertThat(e).isInstanceOf(ControlPlaneException.RateLimited.class);
            assertThat(((ControlPlaneException) e).retryAfter()).isEqualTo(Duration.ZERO);
        }).verify(ShithubRig.PATIENCE);
        assertThat(rig.server.seen()).hasSize(1);
    }

    @Test
    void trap10OlderServersAreLearntOnce() {
        rig.ask(unknown("active_job_ids"), ShithubRig.NONE);
        rig.ask(ShithubRig.NONE);
        rig.ask(unknown("host_name"), ShithubRig.NONE);
        rig.ask(ShithubRig.NONE);

        String second = "{\"labels\":[\"self-hosted\",\"linux\"],\"capacity\":1,\"host_name\":\"host-1\","
                + "\"version\":\"coxswain 1\"}";
        String first = "{\"labels\":[\"self-hosted\",\"linux\"],\"capacity\":1}";
        assertThat(bodies().subList(1, 6)).containsExactly(second, second, second, first, first);
    }

    @Test
    void trap10AServerOfTheFirstGenerationNeedsNoSecondQuestion() {
        rig.ask(unknown("version"), ShithubRig.NONE);

        assertThat(rig.server.seen()).hasSize(2);
        assertThat(bodies().get(1)).isEqualTo("{\"labels\":[\"self-hosted\",\"linux\"],\"capacity\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"active_job_ids cannot contain more than capacity (1)",
            "active_job_ids must not contain duplicates", "invalid JSON: unexpected end",
            "invalid JSON: unknown field labels"})
    void anotherRefusalTeachesNothing(String words) {
        rig.server.then(ShithubRig.error(400, words));

        ShithubRig.fails(rig.plane.lease(ShithubRig.CREDENTIAL), ControlPlaneException.Rejected.class);
        rig.ask(ShithubRig.NONE);
        assertThat(rig.sent(1).has("active_job_ids")).isTrue();
        assertThat(rig.server.seen()).hasSize(2);
    }

    @Test
    void trap11NoLabelsLeaveThoseThatAreRegistered() {
        rig.profile = new RunnerProfile(List.of(), 1, "", " ");
        rig.ask(ShithubRig.NONE);

        assertThat(rig.server.only().body()).isEqualTo("{\"capacity\":1,\"active_job_ids\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "ä", "a/b"})
    void trap12ALabelThatCouldMatchNothingIsRefusedHere(String label) {
        assertThatThrownBy(() -> new RunnerProfile(List.of(label), 1, "", ""))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("label");
    }

    @Test
    void trap12LabelsAreToldOnceAndAsTheyAreWritten() {
        assertThat(new RunnerProfile(List.of("Linux", " linux", "Linux"), 64, "", "").labels())
                .containsExactly("Linux", "linux");
        assertThatThrownBy(() -> new RunnerProfile(List.of(), 65, "", "")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"401,runner token invalid,CredentialRefused", "401,runner revoked,CredentialRefused",
            "503,runner API is not configured,Unavailable", "500,runner heartbeat failed,Unavailable",
            "500,runner token mint failed,Unavailable", "400,capacity must be between 1 and 64,Rejected"})
    void otherAnswersMeanWhatTheyMeanForLeasing(int status, String words, String failure) {
        rig.server.then(ShithubRig.error(status, words));

        StepVerifier.create(rig.plane.lease(ShithubRig.CREDENTIAL)).expectErrorSatisfies(e -> {
            assertThat(e.getClass().getSimpleName()).isEqualTo(failure);
            assertThat(e.getMessage()).contains(words).doesNotContain("abab");
        }).verify(ShithubRig.PATIENCE);
        assertThat(rig.server.seen()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "<html>", "{}", "{\"token\":\"t\",\"job\":{}}",
            "{\"token\":\"\",\"job\":{\"id\":4}}",
            "{\"token\":\"t\",\"job\":{\"id\":-4}}", "{\"token\":\"t\",\"job\":{\"id\":\"4\"}}",
            "{\"job\":{\"id\":4}}"})
    void whatIsNoClaimIsGarbledAndTheNextHeartbeatDoesNotListIt(String body) {
        rig.server.then(Reply.json(body));

        ShithubRig.fails(rig.plane.lease(ShithubRig.CREDENTIAL), ControlPlaneException.Garbled.class);
        rig.ask(ShithubRig.NONE);
        assertThat(rig.sent(1).path("active_job_ids").toString()).isEqualTo("[]");
    }

    @Test
    void trap26ARefusedCredentialLeavesItsJobsAlone() {
        var lease = rig.lease();
        rig.server.then(ShithubRig.error(401, "runner token invalid"), ShithubRig.next(1));

        ShithubRig.fails(rig.plane.present(ShithubRig.CREDENTIAL, Presence.BUSY),
                ControlPlaneException.CredentialRefused.class);

        assertThat(ShithubRig.only(lease.heartbeat())).isNotNull();
        assertThat(lease.isOver()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"IDLE", "BUSY", "DRAINING", "GONE"})
    void aRunnerWithoutJobsSaysNothingSinceEveryHeartbeatIsAClaim(Presence presence) {
        rig.ask(ShithubRig.NONE);
        rig.server.seen().clear();

        ShithubRig.done(rig.plane.present(ShithubRig.CREDENTIAL, presence));

        assertThat(rig.server.seen()).isEmpty();
        assertThat(rig.plane.presenceInterval()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aCheckClaimsNothing() {
        rig.server.then(ShithubRig.error(400, "capacity must be between 1 and 64"),
                ShithubRig.error(401, "runner token invalid"), Reply.html(400), ShithubRig.NONE);

        ShithubRig.done(rig.plane.check(ShithubRig.CREDENTIAL));
        ShithubRig.fails(rig.plane.check(ShithubRig.CREDENTIAL), ControlPlaneException.CredentialRefused.class);
        ShithubRig.fails(rig.plane.check(ShithubRig.CREDENTIAL), ControlPlaneException.Rejected.class);
        ShithubRig.fails(rig.plane.check(ShithubRig.CREDENTIAL), ControlPlaneException.Garbled.class);
        assertThat(bodies().get(0)).isEqualTo("{\"capacity\":65}");
    }
}
