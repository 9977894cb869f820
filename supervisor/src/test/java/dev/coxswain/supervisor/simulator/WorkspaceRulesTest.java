package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.netty.handler.codec.http.HttpMethod;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract xenonflare-workspace 1 to 6 and 8, over real HTTP. Tokens 0 and 2 are two users', 1 and 3 are global. */
class WorkspaceRulesTest extends SimulatorTestBase {
    private static final String WORKSPACE = "xenonflare-workspace";

    private Simulator simulator;
    private StudioClient client;

    @BeforeEach
    void startOne() {
        play(config(8));
    }

    private void play(SimulatorConfig config) {
        simulator = start(config.withProtocols(List.of("xenonflare-studio", WORKSPACE)));
        client = client(simulator);
    }

    @Test
    void aLeaseNamesAWorkspaceAndItsExpiryAsANumber() {
        JsonNode answer = call(0, "leaseWorkspaceJob", "{}").json();

        assertThat(answer.path("leased").booleanValue()).isTrue();
        assertThat(answer.path("workspaceId").stringValue()).isEqualTo("workspace-1");
        assertThat(answer.path("leaseExpiresAt").longValue()).isEqualTo(clock.now().plus(LEASE).toEpochMilli());
        assertThat(answer.path("workspace").isObject()).isTrue();
    }

    @Test
    void aRunnerSeesOnlyTheJobsOfItsTarget() {
        assertThat(all(0)).containsExactly("workspace-1", "workspace-5");
        assertThat(all(2)).containsExactly("workspace-3", "workspace-7");
        assertThat(all(1)).as("both global runners share theirs").containsExactly("workspace-2", "workspace-4",
                "workspace-6", "workspace-8");
        assertThat(all(3)).isEmpty();
    }

    @Test
    void oneRunnerAloneFindsAllJobs() {
        play(config(5).withTokens(1));

        assertThat(all(0)).hasSize(5);
    }

    @Test
    void anotherProtocolsKeyIsUnknown() {
        String studio = simulator.tokens("xenonflare-studio").getFirst();

        assertThat(send(studio, "leaseWorkspaceJob", "{}").status()).isEqualTo(401);
        assertThat(client.call(token(0), "leaseRunnerJob", "{}").status()).isEqualTo(401);
        assertThat(send("nobody.secret", "completeWorkspaceJob", "{").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"leaseWorkspaceJob|[]", "leaseWorkspaceJob|``",
            "heartbeatWorkspaceJob|{}", "heartbeatWorkspaceJob|{\"workspaceId\":7}",
            "heartbeatWorkspaceJob|{\"workspaceId\":\"a\",\"workspaceId\":\"b\"}",
            "getWorkspaceRunnerContext|{\"workspaceId\":\" \"}",
            "updateWorkspaceRunnerSummary|{\"workspaceId\":\"a\",\"summaryText\":\"s\",\"fromMessageId\":\"m\"}",
            "updateWorkspaceRunnerSummary|{\"workspaceId\":\"a\",\"summaryText\":\"\",\"fromMessageId\":\"m\",\"throughMessageId\":\"m\"}",
            "completeWorkspaceJob|{\"workspaceId\":\"a\"}", "failWorkspaceJob|{\"workspaceId\":\"a\"}",
            "failWorkspaceJob|{\"workspaceId\":\"a\",\"error\":\" \"}"})
    void fieldsAreCheckedBeforeTheLease(String endpoint, String body) {
        assertThat(call(0, endpoint, body).status()).isEqualTo(400);
    }

    @Test
    void anErrorHasAtMost500Characters() {
        assertThat(call(0, "failWorkspaceJob", fail(lease(0), "x".repeat(501))).status()).isEqualTo(400);
        assertThat(call(0, "failWorkspaceJob", fail("workspace-1", "x".repeat(500))).status()).isEqualTo(200);
    }

    @Test
    void whoHoldsNoLeaseIsToldSoAndWritingWithoutOneIsAViolation() {
        String id = lease(0);

        for (int other : new int[]{1, 2}) {
            assertThat(call(other, "heartbeatWorkspaceJob", named(id)).status()).isEqualTo(409);
            assertThat(call(other, "getWorkspaceRunnerContext", named(id)).status()).isEqualTo(409);
        }
        assertThat(simulator.ledger().verdict(WORKSPACE).count(Violation.WRITE_AFTER_LEASE_END)).isZero();
        assertThat(call(1, "updateWorkspaceRunnerSummary", summary(id, "s", "m", "m")).status()).isEqualTo(409);
        assertThat(call(2, "completeWorkspaceJob", complete(id, "done")).status()).isEqualTo(409);
        assertThat(simulator.ledger().verdict(WORKSPACE).count(Violation.WRITE_AFTER_LEASE_END)).isEqualTo(2);
        assertThat(call(0, "heartbeatWorkspaceJob", named(id)).json().path("leaseExpiresAt").isNumber()).isTrue();
    }

    @Test
    void aContextNeedsALeaseThatIsAlive() {
        String id = lease(0);
        assertThat(context(0, id).path("workspaceId").stringValue()).isEqualTo(id);
        clock.advance(LEASE);

        assertThat(call(0, "getWorkspaceRunnerContext", named(id)).status()).isEqualTo(409);
    }

    @Test
    void aSecondAndAnOppositeEndAreRefusedAndTheOppositeOneIsAViolation() {
        String id = lease(0);
        assertThat(call(0, "completeWorkspaceJob", complete(id, "done")).status()).isEqualTo(200);

        assertThat(call(0, "completeWorkspaceJob", complete(id, "done")).status()).isEqualTo(409);
        assertThat(simulator.ledger().verdict().count(Violation.OPPOSITE_REPORT)).isZero();
        assertThat(call(0, "failWorkspaceJob", fail(id, "no")).status()).isEqualTo(409);
        assertThat(simulator.ledger().verdict().count(Violation.OPPOSITE_REPORT)).isEqualTo(1);
        assertThat(simulator.ledger().verdict(WORKSPACE).completed()).isEqualTo(1);
    }

    @Test
    void aResultThatDoesNotFitNamesItsSliceAndLeavesTheJobOpen() {
        String id = lease(0);
        StudioClient.Reply refused = call(0, "completeWorkspaceJob", complete(id, "done").replace("\"charts\":[]",
                "\"charts\":[{\"id\":\"a\",\"kind\":\"bar\",\"labels\":[\"x\"],\"series\":[{\"name\":\"s\",\"values\":[1,2]}]}]"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("error").stringValue()).isEqualTo("invalid charts");
        assertThat(refused.json().path("detail").path("at").stringValue()).isEqualTo("charts[0].series[0].values");
        assertThat(call(0, "failWorkspaceJob", fail(id, "HTTP 400")).status()).isEqualTo(200);
    }

    @Test
    void aResultMayBeLargerThanOtherBodies() {
        String content = "x".repeat(48_000);
        StringBuilder files = new StringBuilder();
        for (int i = 0; i < 24; i++) {
            files.append(i == 0 ? "" : ",").append("{\"name\":\"f").append(i).append(".md\",\"content\":\"")
                    .append(content).append("\"}");
        }
        String id = lease(0);

        assertThat(
                call(0, "completeWorkspaceJob", complete(id, "").replace("\"files\":[]", "\"files\":[" + files + "]"))
                        .status())
                .isEqualTo(200);
        assertThat(call(0, "heartbeatWorkspaceJob", named("x".repeat(1 << 20))).status()).isEqualTo(413);
    }

    @Test
    void sixJobsShowSixKindsOfConversations() {
        play(config(6).withTokens(1));
        Set<String> kinds = new HashSet<>();
        for (String id : all(0)) {
            JsonNode context = context(0, id);
            int prior = context.path("priorMessages").size();
            assertThat(context.path("messageCount").intValue())
                    .isEqualTo(prior + context.path("recentMessages").size());
            assertThat(context.path("legacyIdea").isString()).isEqualTo(context.path("messageCount").intValue() == 0);
            assertThat(context.path("priorTextVerbatim").stringValue().isEmpty()).isEqualTo(prior == 0);
            kinds.add(context.path("messageCount").intValue() + " " + prior + " "
                    + context.path("priorNeedsSummarization") + " " + context.path("storedPriorSummary").isObject()
                    + " " + context.path("storedSummaryCoversPrior"));
        }

        assertThat(kinds).containsExactlyInAnyOrder("0 0 false false false", "3 0 false false false",
                "7 4 false false false", "35 32 true false false", "35 32 true true false", "35 32 true true true");
    }

    @Test
    void aSummaryIsKeptForTheNextRunnerOfTheWorkspace() {
        play(config(6).withTokens(1));
        String id = all(0).stream().filter(each -> {
            JsonNode context = context(0, each);
            return context.path("priorNeedsSummarization").booleanValue()
                    && !context.path("storedSummaryCoversPrior").booleanValue();
        }).findFirst().orElseThrow();
        JsonNode prior = context(0, id).path("priorMessages");
        String first = prior.path(0).path("id").stringValue();
        String last = prior.path(prior.size() - 1).path("id").stringValue();

        assertThat(call(0, "updateWorkspaceRunnerSummary", summary(id, "s", last, first)).status()).isEqualTo(400);
        assertThat(call(0, "updateWorkspaceRunnerSummary", summary(id, "s", first, "other")).status()).isEqualTo(400);
        assertThat(call(0, "updateWorkspaceRunnerSummary", summary(id, "short", first, last)).status()).isEqualTo(200);
        JsonNode after = context(0, id);
        assertThat(after.path("storedSummaryCoversPrior").booleanValue()).isTrue();
        assertThat(after.path("storedPriorSummary").path("text").stringValue()).isEqualTo("short");
    }

    @Test
    void theSameSeedTellsTheSameStory() {
        JsonNode first = context(0, lease(0));
        play(config(8));
        JsonNode again = context(0, lease(0));
        play(config(8).withSeed(2));

        assertThat(again).isEqualTo(first);
        assertThat(context(0, lease(0))).isNotEqualTo(first);
    }

    @Test
    void anExpiredLeaseGoesBackToRunnersOfItsTargetOnly() {
        String id = lease(0);
        lease(0);
        clock.advance(LEASE.plus(Duration.ofSeconds(1)));

        assertThat(all(2)).doesNotContain(id);
        assertThat(all(0)).contains(id);
    }

    private String token(int runner) {
        return simulator.tokens(WORKSPACE).get(runner);
    }

    private StudioClient.Reply call(int runner, String endpoint, String body) {
        return send(token(runner), endpoint, body);
    }

    private StudioClient.Reply send(String token, String endpoint, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return StudioClient.now(client.send(HttpMethod.POST, URI.create(simulator.url(WORKSPACE) + "/" + endpoint),
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json", "Content-Length",
                        String.valueOf(bytes.length)),
                bytes));
    }

    private String lease(int runner) {
        return call(runner, "leaseWorkspaceJob", "{}").json().path("workspaceId").stringValue();
    }

    /** Leases until nothing is left for this runner. */
    private List<String> all(int runner) {
        List<String> ids = new ArrayList<>();
        for (JsonNode answer = call(runner, "leaseWorkspaceJob", "{}").json(); answer.path("leased")
                .booleanValue(); answer = call(runner, "leaseWorkspaceJob", "{}").json()) {
            ids.add(answer.path("workspaceId").stringValue());
        }
        return ids;
    }

    private JsonNode context(int runner, String id) {
        return call(runner, "getWorkspaceRunnerContext", named(id)).json();
    }

    private static String named(String id) {
        return "{\"workspaceId\":\"" + id + "\"}";
    }

    private static String fail(String id, String error) {
        return "{\"workspaceId\":\"" + id + "\",\"error\":\"" + error + "\"}";
    }

    private static String summary(String id, String text, String from, String through) {
        return "{\"workspaceId\":\"" + id + "\",\"summaryText\":\"" + text + "\",\"fromMessageId\":\"" + from
                + "\",\"throughMessageId\":\"" + through + "\"}";
    }

    private static String complete(String id, String message) {
        return "{\"workspaceId\":\"" + id + "\",\"assistantMessage\":\"" + message
                + "\",\"files\":[],\"charts\":[],\"datasets\":[],\"svgs\":[],\"lists\":[],\"checklists\":[]}";
    }
}
