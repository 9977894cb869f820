package dev.coxswain.supervisor.controlplane.xenonflare;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.RateLimit;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class StudioLeasingTest {
    private static final String DATE = "Sun, 17 May 2026 09:59:00 GMT";
    private static final String DIGITS = "00000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000"
            + "00000000000000000000000000000000000000000000000000";
    private final Studio studio = new Studio();

    @AfterEach
    void close() {
        studio.close();
    }

    @Test
    void asksWithAnEmptyObjectAndTheKey() {
        leases(Reply.json("{\"leased\":false}"),
                reply -> assertThat(reply).isEqualTo(new LeaseReply.NoJob(null)));

        assertThat(studio.server.only().uri()).isEqualTo("/leaseRunnerJob");
        assertThat(studio.server.only().body()).isEqualTo("{}");
        assertThat(studio.server.only().headers().get("Authorization")).isEqualTo("Bearer " + Studio.TOKEN);
    }

    @Test
    void noJobCarriesTheServersWish() {
        leases(Reply.json("{\"leased\":\"false\"}").with("Retry-After", "7"),
                reply -> assertThat(reply).isEqualTo(new LeaseReply.NoJob(Duration.ofSeconds(7))));
    }

    @Test
    void aJobIsHandedOnAsDelivered() {
        String body = "{\"leased\":true,\"projectId\":\"p/1 ä\",\"leaseExpiresAt\":1,\"project\":{\"x\":1.50}}";
        leases(Reply.json(body), reply -> {
            Lease lease = lease(reply);
            assertThat(lease.job().id()).isEqualTo("p/1 ä");
            assertThat(lease.job().document()).isEqualTo(body);
            assertThat(lease.job().key()).startsWith("shorts-p_1_-").matches("[a-zA-Z0-9_-]+");
            assertThat(lease.heartbeatCap()).isEqualTo(Duration.ofMinutes(2));
        });
    }

    @Test
    void twoLeasesOfOneProjectHaveDifferentKeysAndLongIdsAreCut() {
        String body = "{\"leased\":true,\"projectId\":\"" + "p".repeat(200) + "\"}";
        studio.server.then(Reply.json(body), Reply.json(body));

        StepVerifier.create(studio.plane.lease(Studio.CREDENTIAL).repeat(1).map(r -> lease(r).job().key()).distinct()
                .doOnNext(key -> assertThat(key).hasSizeLessThan(80))).expectNextCount(2).expectComplete()
                .verify(Studio.PATIENCE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            // the server's clock is a minute behind ours: its Date decides
            "1779012540000|600|true", "\"2026-05-17T10:09:00Z\"|600|true", "\"2026-05-17T12:09:00+02:00\"|600|true",
            "1779012540000.0|600|true", "null|600|false", "\"soon\"|600|false", "{}|600|false", "true|600|false",
            // more digits than a double can stand for
            "1" + DIGITS + "|600|false", "-1" + DIGITS + "|600|false",
            // over already, and absurd
            "1779011000000|0|true", "0|0|true", "-1|0|true", "-1e300|0|true", "1e300|86400|true",
            "1779012540000000|86400|true"})
    void theTermComesFromTheServersClock(String expiresAt, long seconds, boolean coarse) {
        studio.nanos.set(123);
        leases(Reply.json("{\"leased\":true,\"projectId\":\"p\",\"leaseExpiresAt\":" + expiresAt + "}").with("Date",
                DATE),
                reply -> assertThat(lease(reply).term())
                        .isEqualTo(new LeaseTerm(123, Duration.ofSeconds(seconds), coarse)));
    }

    @Test
    void withoutADateOurWallClockDecides() {
        for (String date : new String[]{"", "yesterday"}) {
            Reply reply = Reply.json("{\"leased\":true,\"projectId\":7,\"leaseExpiresAt\":"
                    + Studio.NOW.plusMillis(90_500).toEpochMilli() + "}").with("Date", date);
            leases(reply, r -> {
                assertThat(lease(r).term()).isEqualTo(new LeaseTerm(5_000, Duration.ofMillis(90_500), false));
                assertThat(lease(r).job().id()).isEqualTo("7");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"leased\":true}", "{\"leased\":true,\"projectId\":null}",
            "{\"leased\":true,\"projectId\":\" \"}", "{\"leased\":true,\"projectId\":{}}",
            "{\"leased\":true,\"projectId\":1.5}", "{\"leased\":true,\"projectId\":\"a\\u0000b\"}", "{}", "", "[]",
            "null",
            "\"leased\"", "{\"leased\":fal", "{\"leased\":false}}", "{\"leased\":1}", "OK"})
    void anAnswerOutsideTheContractIsGarbled(String body) {
        fails(Reply.json(body).with("X-Big", "y"), ControlPlaneException.Garbled.class, "/leaseRunnerJob");
    }

    @Test
    void aJobWithoutTheLeasedFlagIsNotLost() {
        leases(Reply.json("{\"projectId\":\"p\"}"), reply -> assertThat(lease(reply).job().id()).isEqualTo("p"));
    }

    @Test
    void aPageOfAProxyIsGarbledAndNotQuoted() {
        ControlPlaneException e = fails(Reply.html(200), ControlPlaneException.Garbled.class, "text/html");
        assertThat(e.getMessage()).contains("41 bytes").doesNotContain("doctype");
    }

    @Test
    void aHalfAnswerIsUnavailableAndAnEndlessOneIsGarbled() {
        fails(Reply.json("{\"leased\":").sent(Manner.HALF), ControlPlaneException.Unavailable.class, "/leaseRunnerJob");
        fails(Reply.json("{}").sent(Manner.RESET), ControlPlaneException.Unavailable.class, "/leaseRunnerJob");
        fails(Reply.json(" ".repeat((4 << 20) + 1)), ControlPlaneException.Garbled.class, "longer than");
    }

    @Test
    void aLeaseRequestThatHangsIsGivenUpSoonEnoughForTheBreaker() {
        studio.server.then(Reply.json("{}").sent(Manner.SILENT));
        CountDownLatch asked = new CountDownLatch(1);
        Disposable arrival = studio.server.arrivals().next().subscribe(seen -> asked.countDown(), e -> {});

        StepVerifier.withVirtualTime(() -> studio.plane.lease(Studio.CREDENTIAL)).expectSubscription()
                .then(() -> await(asked)).expectNoEvent(Duration.ofMillis(14_900)).thenAwait(Duration.ofMillis(100))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(ControlPlaneException.Unavailable.class)
                        .hasMessageContaining("15000 ms"))
                .verify(Studio.PATIENCE);
        arrival.dispose();
    }

    private static void await(CountDownLatch asked) {
        try {
            assertThat(asked.await(Studio.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"401,CredentialRefused", "403,CredentialRefused", "429,RateLimited", "408,Unavailable",
            "500,Unavailable", "502,Unavailable", "503,Unavailable", "504,Unavailable", "400,Rejected", "404,Rejected",
            "409,Rejected", "422,Rejected", "302,Garbled", "307,Garbled"})
    void aStatusMeansWhatTheContractSays(int status, String kind) {
        studio.server.then(Reply.json(status, "{\"error\":\"no\\nway " + Studio.TOKEN + "\",\"detail\":{\"a\":1}}")
                .with("Retry-After", "9").with("Location", "https://elsewhere/"));

        StepVerifier.create(studio.plane.lease(Studio.CREDENTIAL)).expectErrorSatisfies(e -> {
            assertThat(e.getClass().getSimpleName()).isEqualTo(kind);
            assertThat(e).hasMessageContaining("HTTP " + status).hasMessageContaining("/leaseRunnerJob");
            assertThat(e.getMessage()).doesNotContain("\n").doesNotContain("hush");
            boolean told = kind.equals("RateLimited") || kind.equals("Unavailable");
            assertThat(((ControlPlaneException) e).retryAfter()).isEqualTo(told ? Duration.ofSeconds(9) : null);
            if (!kind.equals("Garbled")) {
                assertThat(e).hasMessageContaining("no way *** | detail: {\"a\":1}");
            }
        }).verify(Studio.PATIENCE);
        assertThat(studio.server.seen()).hasSize(1);
    }

    @Test
    void rateHeadersGoWithTheAnswer() {
        studio.server.then(Reply.json("{\"leased\":false}").with("X-RateLimit-Remaining", "4")
                .with("X-RateLimit-Reset", String.valueOf(Studio.NOW.plusSeconds(20).getEpochSecond()))
                .with("Date", "Sun, 17 May 2026 10:00:00 GMT"));
        StepVerifier.create(studio.plane.lease(Studio.CREDENTIAL))
                .expectNext(new LeaseReply.NoJob(null, new RateLimit(4, Duration.ofSeconds(20)))).expectComplete()
                .verify(Studio.PATIENCE);

        studio.server.then(Reply.json(429, "{}").with("RateLimit-Remaining", "0").with("RateLimit-Reset", "11"));
        StepVerifier.create(studio.plane.lease(Studio.CREDENTIAL)).expectErrorSatisfies(
                e -> assertThat(((ControlPlaneException) e).retryAfter()).isEqualTo(Duration.ofSeconds(11)))
                .verify(Studio.PATIENCE);
    }

    @Test
    void aRestoredLeaseIsOverUntilAHeartbeatRenewsItByItsOwnLength() {
        Lease first = studio.lease();
        LeaseRecord record = new LeaseRecord(first.job().key(), "shorts", "pool", "shorts-1", "p1", first.handle(),
                Instant.EPOCH);
        Lease restored = studio.plane.restore(record, Studio.CREDENTIAL);

        assertThat(restored.term().length()).isZero();
        assertThat(restored.term().deadlineNanos()).isEqualTo(5_000);
        assertThat(restored.job().key()).isEqualTo(first.job().key());
        assertThat(restored.job().document()).isEmpty();
        assertThat(restored.handle()).isEqualTo(first.handle()).contains("p1").doesNotContain("hush");
        assertThat(studio.server.seen()).isEmpty();
    }

    @Test
    void aHandleOfAnotherVersionIsMadeUpFromTheRecord() {
        for (String handle : new String[]{"", "{", "[]", "{\"projectId\":null}", "p9"}) {
            Lease restored = studio.plane.restore(
                    new LeaseRecord("k", "shorts", "pool", "shorts-1", "p9", handle, Instant.EPOCH), Studio.CREDENTIAL);
            assertThat(restored.job().id()).isEqualTo("p9");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404, 409, 410})
    void aCheckIsPassedWhenTheKeyIsKnown(int status) {
        studio.server.then(Reply.json(status, "{\"error\":\"no lease\"}"));

        StepVerifier.create(studio.plane.check(Studio.CREDENTIAL)).expectComplete().verify(Studio.PATIENCE);

        assertThat(studio.server.only().uri()).isEqualTo("/heartbeatRunnerJob");
        assertThat(studio.server.only().body()).isEqualTo("{\"projectId\":\"coxswain-check\"}");
    }

    @Test
    void aCheckFailsOnARefusedKeyAndOnAWrongAddress() {
        studio.server.then(Reply.json(401, "{}"), Reply.html(404), Reply.html(200), Reply.json(503, "{}"));

        check(ControlPlaneException.CredentialRefused.class);
        check(ControlPlaneException.Rejected.class);
        check(ControlPlaneException.Garbled.class);
        check(ControlPlaneException.Unavailable.class);
    }

    private void check(Class<? extends Throwable> kind) {
        StepVerifier.create(studio.plane.check(Studio.CREDENTIAL)).expectError(kind).verify(Studio.PATIENCE);
    }

    private void leases(Reply answer, Consumer<LeaseReply> then) {
        studio.server.then(answer);
        StepVerifier.create(studio.plane.lease(Studio.CREDENTIAL)).assertNext(then).expectComplete()
                .verify(Studio.PATIENCE);
    }

    private ControlPlaneException fails(Reply answer, Class<? extends ControlPlaneException> kind, String text) {
        studio.server.then(answer);
        ControlPlaneException[] seen = new ControlPlaneException[1];
        StepVerifier.create(studio.plane.lease(Studio.CREDENTIAL)).expectErrorSatisfies(e -> {
            assertThat(e).isInstanceOf(kind).hasMessageContaining(text);
            seen[0] = kind.cast(e);
        }).verify(Studio.PATIENCE);
        return seen[0];
    }

    private static Lease lease(LeaseReply reply) {
        assertThat(reply).isInstanceOf(LeaseReply.Granted.class);
        return ((LeaseReply.Granted) reply).lease();
    }
}
