package dev.coxswain.supervisor.controlplane.xenonflare;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.controlplane.UnusableJobException;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The traps of contract xenonflare-workspace that are the adapter's, by their number there. Traps 2 to 8 have more tests
 * beside the deliverables; 9 and 10 are the fleet's (PollTrapsTest), and 12 is whoever's who calls a model
 * (ForgetfulServerTest).
 */
class WorkspaceTrapsTest {
    private final WorkspacePlane workspace = new WorkspacePlane();

    @AfterEach
    void close() {
        workspace.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "{\"leased\":true,\"workspaceId\":\"w\",\"leaseExpiresAt\":\"2026-05-17T10:10:00Z\",\"workspace\":{}}|leaseExpiresAt is no number|600",
            "{\"leased\":true,\"workspaceId\":\"w\",\"workspace\":{}}|leaseExpiresAt is no number|600",
            "{\"leased\":true,\"workspaceId\":\"w\",\"leaseExpiresAt\":1779012060000}|workspace is no object|60",
            "{\"leased\":true,\"workspaceId\":\"w\",\"leaseExpiresAt\":1779012060000,\"workspace\":[]}|workspace is no object|60",
            "{\"leased\":\"true\",\"workspaceId\":\"w\",\"leaseExpiresAt\":1779012060000,\"workspace\":{}}|leased is not true|60",
            "{\"workspaceId\":\"w\",\"leaseExpiresAt\":1779012060000,\"workspace\":{}}|leased is not true|60",
            "{\"leased\":true,\"workspaceId\":\"w\\u0000\",\"leaseExpiresAt\":1779012060000,\"workspace\":{}}|workspaceId can't be an id|60"})
    void trap01_aLeaseThatDoesNotFitIsFailedAndNotLost(String answer, String problem, long seconds) {
        Lease lease = workspace.granted(answer);
        workspace.server.seen().clear();

        assertThat(lease.term().length()).isEqualTo(Duration.ofSeconds(seconds));
        StepVerifier.create(lease.brief()).expectErrorSatisfies(e -> assertThat(e)
                .isInstanceOf(UnusableJobException.class).hasMessage("invalid_lease_payload: " + problem))
                .verify(WorkspacePlane.PATIENCE);
        assertThat(workspace.server.seen()).isEmpty();
        fails(lease, "invalid_lease_payload: " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"leased\":true}", "{\"leased\":true,\"workspaceId\":7}", "{}", "", "[]",
            "{\"leased\":tr",
            "{\"leased\":true,\"workspaceId\":\" \"}", "OK"})
    void trap01_oneThatNamesNoWorkspaceIsGarbledAndNotAnEmptyPoll(String answer) {
        workspace.server.then(Reply.json(answer));

        StepVerifier.create(workspace.plane.lease(WorkspacePlane.CREDENTIAL))
                .expectError(ControlPlaneException.Garbled.class).verify(WorkspacePlane.PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"leased\":true,\"workspaceId\":\"w\",\"workspace\":{}}", "{\"leased\":true}", "OK"})
    void trap01_itIsLoggedLoudlyAndWithoutTheKey(String answer) {
        PrintStream usual = System.out;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            workspace.server.then(Reply.json(answer));
            StepVerifier.create(workspace.plane.lease(WorkspacePlane.CREDENTIAL).materialize()).expectNextCount(1)
                    .thenCancel().verify(WorkspacePlane.PATIENCE);
        } finally {
            System.setOut(usual);
        }

        assertThat(written.toString(StandardCharsets.UTF_8).lines()
                .filter(line -> line.contains(XenonflareWorkspace.class.getSimpleName()))).singleElement().asString()
                .contains("ERROR", "lease answer").doesNotContain("hush-hush");
    }

    @Test
    void trap02_tablesGoOutAsDatasets() throws Exception {
        Lease lease = workspace.lease();

        JsonNode body = composed(lease,
                "\"datasets\":[{\"id\":\"t\",\"kind\":\"table\",\"columns\":[\"A\"],\"rows\":[]}]");

        assertThat(body.path("datasets").path(0).path("id").stringValue()).isEqualTo("t");
        assertThatThrownBy(() -> composed(lease, "\"tables\":[]")).isInstanceOf(InvalidResultException.class)
                .hasMessageContaining("datasets (the tables)");
    }

    @Test
    void trap03_numbersInCellsKeepEveryDigit() throws Exception {
        JsonNode body = composed(workspace.lease(),
                "\"datasets\":[{\"id\":\"t\",\"kind\":\"table\",\"columns\":[\"A\",\"B\"],\"rows\":[[0.12345678901234567890123,12345678901234567890]]}]");

        assertThat(body.path("datasets").path(0).path("rows").path(0).toString())
                .isEqualTo("[\"0.12345678901234567890123\",\"12345678901234567890\"]");
    }

    @Test
    void trap04_droppedLabelsAreToldInTheReason() {
        Lease lease = workspace.lease();

        assertThatThrownBy(() -> composed(lease,
                "\"charts\":[{\"id\":\"c\",\"kind\":\"bar\",\"labels\":[\"A\",\"\"],\"series\":[{\"name\":\"s\",\"values\":[1,2]}]}]"))
                .hasMessageContaining("charts[0].series[0].values has 2 numbers, but there are 1 usable labels");
    }

    @Test
    void trap05_theMessageCitesTheNamesThatAreSent() throws Exception {
        assertThat(composed(workspace.lease(), "\"files\":[{\"name\":\"/a/my doc.md\",\"content\":\"x\"}]",
                "{{artifact:file:/a/my doc.md}}").path("assistantMessage").stringValue())
                .isEqualTo("{{artifact:file:a/my_doc.md}}");
    }

    @Test
    void trap06_theReasonNamesTheCharactersOfAnSvgThatHit() {
        Lease lease = workspace.lease();

        assertThatThrownBy(() -> composed(lease, "\"svgs\":[{\"id\":\"s\",\"content\":\"<svg>conversion = 3%\"}]"))
                .hasMessageContaining("svgs[0].content").hasMessageContaining("\"onversion =\"");
    }

    @Test
    void trap07_noHalfOfASurrogatePairLeaves() throws Exception {
        Lease lease = workspace.lease();
        Outcome.Complete complete = lease.compose(
                "{\"assistantMessage\":\"\\ud83d\",\"lists\":[{\"id\":\"l\",\"kind\":\"list\",\"items\":[\""
                        + "x".repeat(511) + "\ud83d\ude00\"]}]}",
                Map.of());
        workspace.server.then(Reply.json("{}"));

        StepVerifierValues.only(lease.settle(complete));

        JsonNode sent = WorkspacePlane.MAPPER.readTree(workspace.server.only().body());
        assertThat(sent.path("assistantMessage").stringValue()).isEqualTo("\ufffd");
        assertThat(sent.path("lists").path(0).path("items").path(0).stringValue()).isEqualTo("x".repeat(511));
        workspace.server.seen().clear();
        fails(lease, "oh \ufffd", "oh \ud83d");
    }

    @Test
    void trap08_idsAreComparedInNoLanguage() throws Exception {
        Lease lease = workspace.lease();
        String list = "{\"id\":\"%s\",\"kind\":\"list\",\"items\":[\"x\"]}";
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr"));
            assertThatThrownBy(() -> composed(lease,
                    "\"lists\":[" + list.replace("%s", "ID") + "," + list.replace("%s", "id") + "]"))
                    .hasMessageContaining("lists[1]");
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void trap11_abandonedBeatsLeaveNothingBehindAndNothingRepeatsThem() {
        Lease lease = workspace.lease();
        workspace.server.then(Reply.json("{}").sent(Manner.SILENT), Reply.json(503, "{}"), Reply.json("{}"));

        StepVerifier.create(lease.heartbeat().takeUntilOther(workspace.server.arrivals().skip(1).next()))
                .expectComplete().verify(WorkspacePlane.PATIENCE);
        StepVerifier.create(lease.heartbeat()).expectError(ControlPlaneException.Unavailable.class)
                .verify(WorkspacePlane.PATIENCE);
        StepVerifier.create(lease.heartbeat()).expectNextCount(1).expectComplete().verify(WorkspacePlane.PATIENCE);

        assertThat(workspace.server.seen()).hasSize(3);
    }

    @Test
    void trap13_anUnclearCompleteIsNotRepeatedByItselfAndItsRepeatIsGone() {
        Lease lease = workspace.lease();
        Outcome complete = new Outcome.Complete("{\"workspaceId\":\"w1\"}");
        workspace.server.then(Reply.json("{}").sent(Manner.RESET), Reply.json(409, "{\"error\":\"no lease\"}"));

        StepVerifier.create(lease.settle(complete)).expectError(ControlPlaneException.Unavailable.class)
                .verify(WorkspacePlane.PATIENCE);
        StepVerifier.create(lease.settle(complete))
                .expectNext(new SettleReply.Gone("completeWorkspaceJob: HTTP 409 — no lease")).expectComplete()
                .verify(WorkspacePlane.PATIENCE);
        assertThat(workspace.server.seen()).hasSize(2);
    }

    @Test
    void trap14_theErrorIsShortAndHoldsNoSecretNoPathAndNoTrace() {
        String error = "Bearer abc.def and " + WorkspacePlane.TOKEN + " in /home/me/run.py\n\tat x.Y(Z.java:1) of "
                + "https://h/a?sig=1 " + "z".repeat(600);
        Lease lease = workspace.lease();
        workspace.server.then(Reply.json("{\"ok\":true}"));

        StepVerifierValues.only(lease.settle(new Outcome.Fail(Outcome.Cause.FAILURE, error)));

        String told = WorkspacePlane.MAPPER.readTree(workspace.server.only().body()).path("error").stringValue();
        assertThat(told).hasSize(500).startsWith("Bearer *** and *** in run.py at x.Y").doesNotContain("hush")
                .doesNotContain("sig=").doesNotContain("/home").doesNotContain("\n");
    }

    @Test
    void trap15_theKeyGoesIntoTheAuthorizationAndNowhereElse() {
        workspace.server.then(Reply.json("{\"leased\":false}"));

        assertThat(StepVerifierValues.only(workspace.plane.lease(WorkspacePlane.CREDENTIAL)))
                .isInstanceOf(LeaseReply.NoJob.class);

        assertThat(workspace.server.only().headers().entries())
                .filteredOn(header -> header.getValue().contains("hush"))
                .extracting(header -> header.getKey().toLowerCase(Locale.ROOT)).containsExactly("authorization");
        assertThat(workspace.server.only().headers().contains("X-API-Key")).isFalse();
    }

    private static JsonNode composed(Lease lease, String arrays) throws InvalidResultException {
        return composed(lease, arrays, "hello");
    }

    private static JsonNode composed(Lease lease, String arrays, String message) throws InvalidResultException {
        return WorkspacePlane.MAPPER.readTree(
                lease.compose("{\"assistantMessage\":\"" + message + "\"," + arrays + "}", Map.of()).body());
    }

    private void fails(Lease lease, String message) {
        fails(lease, message, message);
    }

    private void fails(Lease lease, String told, String message) {
        workspace.server.then(Reply.json("{\"ok\":true}"));
        StepVerifier.create(lease.settle(new Outcome.Fail(Outcome.Cause.FAILURE, message)))
                .expectNext(new SettleReply.Acknowledged()).expectComplete().verify(WorkspacePlane.PATIENCE);
        JsonNode body = WorkspacePlane.MAPPER.readTree(workspace.server.only().body());
        assertThat(workspace.server.only().uri()).isEqualTo("/failWorkspaceJob");
        assertThat(body.path("error").stringValue()).isEqualTo(told);
        assertThat(body.path("workspaceId").stringValue()).isEqualTo(lease.job().id());
    }
}
