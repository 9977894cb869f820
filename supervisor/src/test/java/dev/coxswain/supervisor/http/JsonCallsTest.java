package dev.coxswain.supervisor.http;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.testing.RudeServer;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.test.StepVerifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JsonCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "id.very-secret";

    private final RudeServer server = new RudeServer();
    private final HttpClients clients = new HttpClients(HttpLimits.DEFAULT);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong(77);
    private final JsonCalls calls = calls(server.uri(), 4000);

    @AfterEach
    void close() {
        server.close();
        StepVerifier.create(clients.close()).expectComplete().verify(PATIENCE);
    }

    @Test
    void sendsJsonWithTheTokenAndALengthAndNothingThatNobodyAskedFor() {
        server.then(Reply.json("{}"));

        StepVerifier.create(calls.post(request("{\"a\":\"ü\"}"))).expectNextCount(1).expectComplete().verify(PATIENCE);

        RudeServer.Seen seen = server.only();
        assertThat(seen.method()).isEqualTo("POST");
        assertThat(seen.uri()).isEqualTo("/lease");
        assertThat(seen.body()).isEqualTo("{\"a\":\"ü\"}");
        assertThat(seen.headers().get("Authorization")).isEqualTo("Bearer " + TOKEN);
        assertThat(seen.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(seen.headers().get("Content-Length")).isEqualTo("10");
        assertThat(seen.headers().getAll("User-Agent")).singleElement().asString().startsWith("coxswain/");
        assertThat(seen.headers().contains("Transfer-Encoding")).isFalse();
        assertThat(seen.headers().contains("Accept-Encoding")).isFalse();
        assertThat(seen.headers().contains("Cookie")).isFalse();
    }

    @Test
    void anAnswerOfAnyStatusIsAnAnswer() {
        server.then(Reply.json(503, "{\"error\":\"x\"}").with("Date", "Sun, 17 May 2026 10:00:00 GMT")
                .with("Retry-After", "Sun, 17 May 2026 10:00:07 GMT"));

        StepVerifier.create(calls.post(request("{}"))).assertNext(answer -> {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("{\"error\":\"x\"}");
            assertThat(answer.sentAtNanos()).isEqualTo(77);
            assertThat(answer.serverDate()).isEqualTo(Instant.parse("2026-05-17T10:00:00Z"));
            // measured on the server's clock, whatever ours says
            assertThat(answer.retryAfter(Instant.EPOCH)).isEqualTo(Duration.ofSeconds(7));
        }).expectComplete().verify(PATIENCE);
        assertThat(count("5xx")).isEqualTo(1);
    }

    @Test
    void anAnswerInManyChunksIsReadWhole() {
        server.then(Reply.json("x".repeat(3999)).sent(Manner.CHUNKED));

        StepVerifier.create(calls.post(request("{}")))
                .assertNext(answer -> assertThat(answer.text()).isEqualTo("x".repeat(3999))).expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void anAnswerThatIsTooLongIsCutOffWhetherAnnouncedOrNot() {
        for (Manner manner : new Manner[]{Manner.PLAIN, Manner.CHUNKED}) {
            server.then(Reply.json("x".repeat(4001)).sent(manner));

            StepVerifier.create(calls.post(request("{}"))).expectErrorSatisfies(
                    e -> assertThat(e).isInstanceOf(AnswerTooLongException.class).hasMessageContaining("/lease")
                            .hasMessageContaining("4000"))
                    .verify(PATIENCE);
        }
        assertThat(count("none")).isEqualTo(2);
    }

    @Test
    void aConnectionThatEndsEarlyIsAFailureThatPassesAndIsNotRepeatedSilently() {
        for (Manner manner : new Manner[]{Manner.RESET, Manner.HALF}) {
            server.then(Reply.json("{\"leased\":").sent(manner));

            StepVerifier.create(calls.post(request("{}"))).expectErrorSatisfies(this::isACleanTransientFailure)
                    .verify(PATIENCE);
        }
        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void aPooledConnectionThatTheServerClosesIsNotRepeatedEither() {
        server.then(Reply.json("{}"), Reply.json("{}").sent(Manner.RESET));

        StepVerifier.create(calls.post(request("{}"))).expectNextCount(1).expectComplete().verify(PATIENCE);
        StepVerifier.create(calls.post(request("{}"))).expectErrorSatisfies(this::isACleanTransientFailure)
                .verify(PATIENCE);

        assertThat(server.seen()).hasSize(2);
    }

    @Test
    void aSilentServerIsLeftAfterTheCallsOwnTimeLimit() {
        server.then(Reply.json("{}").sent(Manner.SILENT));
        JsonRequest request = new JsonRequest("lease", "/lease", TOKEN, "{}".getBytes(UTF_8), Duration.ofMillis(300));

        StepVerifier.create(calls.post(request)).expectErrorSatisfies(e -> {
            isACleanTransientFailure(e);
            assertThat(e).hasMessageContaining("300 ms");
        }).verify(PATIENCE);
        assertThat(count("none")).isEqualTo(1);
    }

    @Test
    void nobodyListeningIsAFailureThatPasses() {
        RudeServer gone = new RudeServer();
        JsonCalls toNobody = calls(gone.uri(), 4000);
        gone.close();

        StepVerifier.create(toNobody.post(request("{}"))).expectErrorSatisfies(this::isACleanTransientFailure)
                .verify(PATIENCE);
    }

    @Test
    void cancellingACallCountsItAndFreesTheConnection() {
        server.then(Reply.json("{}").sent(Manner.SILENT), Reply.json("{}"));

        StepVerifier.create(calls.post(request("{}")).takeUntilOther(server.arrivals().next())).expectComplete()
                .verify(PATIENCE);
        assertThat(count("none")).isEqualTo(1);

        StepVerifier.create(calls.post(request("{}"))).expectNextCount(1).expectComplete().verify(PATIENCE);
        assertThat(count("2xx")).isEqualTo(1);
    }

    @Test
    void redirectsAreAnswersAndAreNotFollowed() {
        server.then(Reply.json(307, "{}").with("Location", server.uri() + "/elsewhere"));

        StepVerifier.create(calls.post(request("{}"))).assertNext(answer -> assertThat(answer.status()).isEqualTo(307))
                .expectComplete().verify(PATIENCE);

        assertThat(server.only().uri()).isEqualTo("/lease");
    }

    @Test
    void allSeriesExistBeforeTheFirstCall() {
        assertThat(registry.find("coxswain_control_plane_requests_total").counters()).hasSize(10);
        assertThat(registry.find("coxswain_control_plane_request_duration_seconds").timers()).hasSize(2);
    }

    @Test
    void anUnknownOperationIsABug() {
        assertThatThrownBy(() -> calls.post(new JsonRequest("other", "/x", TOKEN, new byte[0], PATIENCE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requestAndAnswerDoNotPrintWhatIsSecret() {
        assertThat(request("{\"secret\":1}").toString()).doesNotContain(TOKEN).doesNotContain("secret");
        assertThat(new JsonAnswer(200, "{\"url\":\"x\"}".getBytes(UTF_8), null, null, null, 0).toString())
                .doesNotContain("url");
    }

    private void isACleanTransientFailure(Throwable e) {
        assertThat(e).isInstanceOf(CallException.class).hasMessageStartingWith("POST /lease at 127.0.0.1:");
        assertThat(e.getMessage()).doesNotContain(TOKEN);
        assertThat(Failures.isTransient(e)).isTrue();
    }

    private double count(String statusClass) {
        return registry.get("coxswain_control_plane_requests_total").tag("operation", "lease")
                .tag("status_class", statusClass).counter().count();
    }

    private JsonCalls calls(URI base, int maxBytes) {
        return new JsonCalls(clients.calls(), base, "shorts", Set.of("lease", "fail"), new Meters(registry),
                nanos::get, maxBytes);
    }

    private static JsonRequest request(String body) {
        return new JsonRequest("lease", "/lease", TOKEN, body.getBytes(UTF_8), PATIENCE);
    }
}
