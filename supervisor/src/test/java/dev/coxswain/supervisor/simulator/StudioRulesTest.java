package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.netty.handler.codec.http.HttpMethod;
import tools.jackson.databind.JsonNode;

import static dev.coxswain.supervisor.simulator.StudioClient.STUDIO;
import static org.assertj.core.api.Assertions.assertThat;

class StudioRulesTest extends SimulatorTestBase {
    private Simulator simulator;
    private StudioClient client;

    @BeforeEach
    void startOne() {
        simulator = start(config(2));
        client = client(simulator);
    }

    @Test
    void aLeaseHandsOutTheOldestProjectWithItsExpiryOnTheClockOfTheDateHeader() {
        StudioClient.Reply reply = client.call(client.token(0), "leaseRunnerJob", "{}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().get("Date")).isEqualTo("Sun, 01 Mar 2026 10:00:00 GMT");
        JsonNode answer = reply.json();
        assertThat(answer.path("leased").booleanValue()).isTrue();
        assertThat(answer.path("projectId").stringValue()).isEqualTo("project-1");
        assertThat(answer.path("leaseExpiresAt").longValue()).isEqualTo(clock.now().plus(LEASE).toEpochMilli());
        assertThat(answer.path("project").propertyNames()).containsExactly("topic", "style", "voiceId", "includeTts");
    }

    @Test
    void anEmptyBodyLeasesToo() {
        StudioClient.Reply reply = StudioClient
                .now(client.send(HttpMethod.POST, URI.create(simulator.url(STUDIO) + "/leaseRunnerJob"),
                        Map.of("Authorization", "Bearer " + client.token(0), "Content-Length", "0"), null));

        assertThat(reply.json().path("leased").booleanValue()).isTrue();
    }

    @Test
    void nothingIsLeasedWhenNothingWaits() {
        client.lease(0);
        client.lease(1);

        assertThat(client.call(client.token(2), "leaseRunnerJob", "").json().path("leased").booleanValue()).isFalse();
    }

    @Test
    void pathAndMethodAreCheckedBeforeTheKey() {
        String base = simulator.url(STUDIO).toString();

        assertThat(client.get(base + "/leaseRunnerJob").status()).isEqualTo(405);
        assertThat(client.get(base + "/leaseRunnerJob").headers().get("Allow")).isEqualTo("POST");
        assertThat(client.get(base + "/leaseRunnerJobs").status()).isEqualTo(404);
        assertThat(client.get(simulator.base() + "/elsewhere").status()).isEqualTo(404);
    }

    @Test
    void theKeyIsCheckedBeforeTheBody() {
        assertThat(client.call("nobody.secret", "completeRunnerJob", "{").status()).isEqualTo(401);
        assertThat(client.call(client.token(0), "completeRunnerJob", "{").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"heartbeatRunnerJob|[]", "heartbeatRunnerJob|",
            "heartbeatRunnerJob|{}", "heartbeatRunnerJob|{\"projectId\":7}", "heartbeatRunnerJob|{\"projectId\":\"\"}",
            "heartbeatRunnerJob|{\"projectId\":\"a\",\"projectId\":\"b\"}",
            "heartbeatRunnerJob|{\"projectId\":\"a\"} x",
            "runnerSignUpload|{\"projectId\":\"nobody\"}", "runnerSignUpload|{\"projectId\":\"nobody\",\"uploads\":[]}",
            "runnerSignUpload|{\"projectId\":\"nobody\",\"uploads\":[{\"path\":\"a.png\"}]}",
            "runnerSignUpload|{\"projectId\":\"nobody\",\"uploads\":[{\"path\":\"a.png\",\"contentType\":\"png\"}]}",
            "runnerSignUpload|{\"projectId\":\"nobody\",\"uploads\":[{\"path\":\"../a.png\",\"contentType\":\"image/png\"}]}",
            "runnerSignUpload|{\"projectId\":\"nobody\",\"uploads\":[{\"path\":\"a.png\",\"contentType\":\"image/png\"},{\"path\":\"A.png\",\"contentType\":\"image/png\"}]}",
            "completeRunnerJob|{\"projectId\":\"nobody\"}",
            "completeRunnerJob|{\"projectId\":\"nobody\",\"videoUrl\":null}",
            "completeRunnerJob|{\"projectId\":\"nobody\",\"story\":[]}",
            "completeRunnerJob|{\"projectId\":\"nobody\",\"story\":{}}",
            "completeRunnerJob|{\"projectId\":\"nobody\",\"story\":{\"scenes\":[]},\"videoUrl\":\"https://x/v\"}",
            "completeRunnerJob|{\"projectId\":\"nobody\",\"story\":{\"scenes\":[1]}}",
            "completeRunnerJob|{\"projectId\":\"nobody\",\"story\":{\"scenes\":[{\"durationSeconds\":\"6\"}]}}",
            "completeRunnerJob|{\"projectId\":\"nobody\",\"story\":{\"scenes\":[{\"imageUrl\":7}]}}",
            "failRunnerJob|{\"projectId\":\"nobody\"}", "failRunnerJob|{\"projectId\":\"nobody\",\"error\":\" \"}"})
    void fieldsAreCheckedBeforeTheLease(String endpoint, @org.jspecify.annotations.Nullable String body) {
        assertThat(client.call(client.token(0), endpoint, body == null ? "" : body).status()).isEqualTo(400);
    }

    @Test
    void sixteenUploadsAreSignedAndSeventeenAreNot() {
        String project = client.lease(0);

        assertThat(client.call(client.token(0), "runnerSignUpload", uploads(project, 16)).status()).isEqualTo(200);
        assertThat(client.call(client.token(0), "runnerSignUpload", uploads(project, 17)).status()).isEqualTo(400);
    }

    @Test
    void whoHoldsNoLeaseIsToldSo() {
        String project = client.lease(0);

        assertThat(client.heartbeat(1, project).status()).isEqualTo(409);
        assertThat(client.sign(1, project, "a.png", "image/png").status()).isEqualTo(409);
        assertThat(client.complete(1, project, ELSEWHERE).status()).isEqualTo(409);
        assertThat(client.fail(1, project).status()).isEqualTo(409);
        assertThat(client.heartbeat(0, "no-such-project").status()).isEqualTo(409);
        assertThat(client.heartbeat(0, project).status()).isEqualTo(200);
    }

    @Test
    void anEndedJobTakesNoSecondReport() {
        String project = client.lease(0);
        client.finish(0, project);

        assertThat(client.complete(0, project, ELSEWHERE).status()).isEqualTo(409);
        assertThat(client.fail(0, project).status()).isEqualTo(409);
        assertThat(client.heartbeat(0, project).status()).isEqualTo(409);
    }

    @Test
    void aHeartbeatExtendsTheLeaseFromNow() {
        String project = client.lease(0);
        clock.advance(Duration.ofSeconds(59));
        assertThat(client.heartbeat(0, project).json().path("leaseExpiresAt").longValue())
                .isEqualTo(clock.now().plus(LEASE).toEpochMilli());
        clock.advance(Duration.ofSeconds(59));

        assertThat(client.heartbeat(0, project).status()).isEqualTo(200);
    }

    @Test
    void anExpiredLeaseGoesBackBehindTheOthers() {
        String first = client.lease(0);
        clock.advance(LEASE);

        assertThat(client.lease(1)).isEqualTo("project-2");
        assertThat(client.lease(2)).isEqualTo(first);
        assertThat(client.heartbeat(0, first).status()).isEqualTo(409);
    }

    @Test
    void aFailedJobIsNotQueuedAgain() {
        client.fail(0, client.lease(0));
        client.fail(0, client.lease(0));

        assertThat(client.call(client.token(0), "leaseRunnerJob", "{}").json().path("leased").booleanValue()).isFalse();
        assertThat(simulator.ledger().verdict().failed()).isEqualTo(2);
    }

    @Test
    void aBodyOverOneMebibyteIsRefused() {
        String large = "{\"projectId\":\"" + "x".repeat(1 << 20) + "\"}";

        assertThat(client.call(client.token(0), "heartbeatRunnerJob", large).status()).isEqualTo(413);
    }

    @Test
    void jobsArriveAtTheirIntervalAndPickupCountsFromThere() {
        Simulator slow = start(config(2).withArrival(Duration.ofSeconds(10)));
        StudioClient to = client(slow);
        to.lease(0);
        assertThat(to.call(to.token(1), "leaseRunnerJob", "{}").json().path("leased").booleanValue()).isFalse();
        clock.advance(Duration.ofSeconds(13));
        to.lease(1);

        assertThat(slow.ledger().verdict().pickup().max()).isEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @EnumSource(SignAnswer.class)
    void everyFormOfASignAnswerHoldsAUrlThatTakesTheFile(SignAnswer form) {
        Simulator other = start(config(1).withSignAnswer(form));
        StudioClient to = client(other);
        String body = to.sign(0, to.lease(0), "a.png", "image/png").body();
        Matcher signed = Pattern.compile("http://[^\"]*X-Goog-Signature=[^\"]*").matcher(body);
        assertThat(signed.find()).as(body).isTrue();

        assertThat(to.put(signed.group(), "image/png", new byte[]{1}).status()).isEqualTo(200);
    }

    private static String uploads(String project, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"path\":\"scenes/" + i + ".png\",\"contentType\":\"image/png\"}")
                .collect(Collectors.joining(",", "{\"projectId\":\"" + project + "\",\"uploads\":[", "]}"));
    }
}
