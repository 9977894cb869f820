package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.simulator.OoreClient.Identity;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.OoreClient.CLAIM;
import static dev.coxswain.supervisor.simulator.OoreClient.OORE;
import static dev.coxswain.supervisor.simulator.OoreClient.code;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract oore-ci 2 and 3, over real HTTP: runners as people see them, and the two shapes of some answers. */
class OorePeopleTest extends SimulatorTestBase {
    private Simulator simulator;
    private OoreClient oore;
    private String owner;

    @BeforeEach
    void startOne() {
        play(config(20));
    }

    private void play(SimulatorConfig config) {
        simulator = start(config.withProtocols(List.of(OORE)).withTokens(2));
        oore = new OoreClient(simulator, client(simulator));
        owner = oore.person("oore-owner");
    }

    private StudioClient.Reply register(@Nullable String token, String body) {
        return oore.send("POST", "/v1/runners/register", token, body);
    }

    @Test
    void registeringIsCheckedInThisOrder() {
        assertThat(code(register(null, "{"))).isEqualTo("401 missing_auth");
        assertThat(code(register(oore.runner(0).token(), "{"))).isEqualTo("401 invalid_session");
        assertThat(code(register(oore.person("oore-developer"), "{}"))).isEqualTo("400 invalid_request");
        assertThat(code(register(oore.person("oore-developer"), "{\"name\":\"\"}"))).isEqualTo("403 permission_denied");
        assertThat(code(register(owner, "{\"name\":\" \"}"))).isEqualTo("400 invalid_name");
        assertThat(code(register(owner, "{\"name\":\"" + "ö".repeat(128) + "\"}"))).isEqualTo("400 invalid_name");
    }

    @Test
    void aRegisteredRunnerIsOfflineHasATokenOfItsOwnAndCanClaim() {
        JsonNode made = register(owner, "{\"name\":\" harbour \"}").json();
        JsonNode again = register(owner, "{\"name\":\"harbour\",\"capabilities\":{\"cores\":2.5}}").json();

        assertThat(made.path("runner").path("name").stringValue()).isEqualTo("harbour");
        assertThat(made.path("runner").path("status").stringValue()).isEqualTo("offline");
        assertThat(made.path("runner").path("capabilities").isNull()).isTrue();
        assertThat(made.path("runner").has("last_heartbeat_at")).isFalse();
        assertThat(again.path("runner").path("capabilities").path("cores").doubleValue()).isEqualTo(2.5);
        assertThat(again.path("token")).isNotEqualTo(made.path("token"));
        Identity runner = new Identity(made.path("runner").path("id").stringValue(), made.path("token").stringValue());
        assertThat(oore.claim(runner).path("build_id").isString()).isTrue();
        assertThat(code(oore.send("DELETE", "/v1/runners/" + runner.id(), owner, null)))
                .isEqualTo("409 runner_has_builds");
        assertThat(simulator.ledger().violations()).isEmpty();
    }

    @Test
    void aDeletedRunnerIsUnknown() {
        JsonNode made = register(owner, "{\"name\":\"short\"}").json();
        Identity runner = new Identity(made.path("runner").path("id").stringValue(), made.path("token").stringValue());

        assertThat(oore.send("DELETE", "/v1/runners/" + runner.id(), owner, null).status()).isEqualTo(204);
        assertThat(code(oore.as(runner, "POST", "/heartbeat", "{\"status\":\"online\"}")))
                .isEqualTo("401 invalid_token");
        assertThat(code(oore.send("GET", "/v1/runners/" + runner.id(), owner, null))).isEqualTo("404 not_found");
        assertThat(code(oore.send("DELETE", "/v1/runners/" + runner.id(), owner, null))).isEqualTo("404 not_found");
    }

    @Test
    void aRunnerIsRenamedByAPersonAndTheDaemonsOwnIsLocked() {
        String path = "/v1/runners/" + oore.runner(0).id();
        JsonNode renamed = oore.send("PATCH", path, owner, "{\"name\":\"new\",\"status\":\"busy\"}").json()
                .path("runner");
        assertThat(renamed.path("name").stringValue()).isEqualTo("new");
        assertThat(renamed.path("status").stringValue()).isEqualTo("offline");
        assertThat(code(oore.send("PATCH", path, owner, "{}"))).isEqualTo("400 invalid_input");
        assertThat(code(oore.send("PATCH", path, oore.runner(0).token(), "{\"name\":\"x\"}")))
                .isEqualTo("401 invalid_session");
        String own = "";
        for (JsonNode runner : list("").path("runners")) {
            own = runner.has("registered_by") ? own : runner.path("id").stringValue();
        }
        assertThat(code(oore.send("PATCH", "/v1/runners/" + own, owner, "{\"name\":\"x\"}")))
                .isEqualTo("409 managed_runner_locked");
        assertThat(code(oore.send("DELETE", "/v1/runners/" + own, owner, null))).isEqualTo("409 managed_runner_locked");
    }

    @Test
    void theListHasPagesAndItsSearchIsBroken() {
        oore.as(oore.runner(1), "POST", "/heartbeat", "{\"status\":\"online\"}");

        JsonNode page = list("?limit=1&sort=last_heartbeat_at");
        assertThat(page.path("total").intValue()).isEqualTo(3);
        assertThat(page.path("online_total").intValue()).isEqualTo(1);
        assertThat(page.path("runners").size()).isEqualTo(1);
        assertThat(page.path("runners").path(0).path("id").stringValue()).isEqualTo(oore.runner(1).id());
        assertThat(code(oore.send("GET", "/v1/runners?q=x", owner, null))).isEqualTo("500 store_error");
        assertThat(oore.send("GET", "/v1/runners", oore.person("oore-developer"), null).status()).isEqualTo(200);
        assertThat(code(oore.send("GET", "/v1/runners", oore.person("oore-qa-viewer"), null)))
                .isEqualTo("403 permission_denied");
    }

    @Test
    void aRunnerIsOfflineTwoToThreeMinutesAfterItsLastBeatAndStillGetsWork() {
        Identity runner = oore.runner(0);
        oore.as(runner, "POST", "/heartbeat", "{\"status\":\"draining\",\"capabilities\":{\"os\":\"linux\"}}");
        oore.as(runner, "POST", "/heartbeat", "{\"status\":\"draining\",\"capabilities\":{}}");
        clock.advance(Duration.ofSeconds(119));
        JsonNode before = oore.send("GET", "/v1/runners/" + runner.id(), owner, null).json().path("runner");
        clock.advance(Duration.ofSeconds(61));

        assertThat(before.path("status").stringValue()).isEqualTo("draining");
        assertThat(before.path("capabilities").path("os").stringValue()).isEqualTo("linux");
        assertThat(oore.send("GET", "/v1/runners/" + runner.id(), owner, null).json().path("runner").path("status")
                .stringValue()).isEqualTo("offline");
        assertThat(oore.claim(runner).path("build_id").isString()).isTrue();
    }

    @Test
    void whereOpenFormsRotateAnswersComeInTheDaemonsFormAndInTheDocuments() {
        play(config(20).withSignAnswer(SignAnswer.ROTATING));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            seen.add(register(owner, "{\"name\":\"r\"}").json().has("runner") ? "nested runner" : "flat runner");
            seen.add(oore.as(oore.runner(0), "POST", "/claim", CLAIM).json().has("job") ? "nested job" : "flat job");
            seen.add(list("").isArray() ? "bare list" : "list");
        }
        for (int i = 0; i < 20; i++) {
            seen.add("empty " + oore.as(oore.runner(0), "POST", "/claim", CLAIM).status());
        }
        assertThat(seen).containsExactlyInAnyOrder("nested runner", "flat runner", "nested job", "flat job",
                "bare list",
                "list", "empty 200", "empty 204");
    }

    private JsonNode list(String query) {
        return oore.send("GET", "/v1/runners" + query, owner, null).json();
    }
}
