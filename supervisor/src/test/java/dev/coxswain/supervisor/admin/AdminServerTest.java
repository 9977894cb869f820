package dev.coxswain.supervisor.admin;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.fleet.FleetControl;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AdminServerTest {
    private static final AdminConfig OPEN = new AdminConfig("127.0.0.1", 0, null, "127.0.0.1", 0);
    private static final AdminConfig LOCKED = new AdminConfig("0.0.0.0", 0, new Secret("s3cret"), "127.0.0.1", 0);

    private final ToyFleet fleet = new ToyFleet();
    private final List<String> audit = new CopyOnWriteArrayList<>();
    private volatile Runnable onAudit = () -> {};
    private AdminServer server = new AdminServer(OPEN, fleet, Schedulers.parallel(), audit::add);
    private Caller caller = new Caller(URI.create("http://127.0.0.1"), Map.of());

    @BeforeEach
    void start() {
        begin(OPEN);
    }

    private void begin(AdminConfig config) {
        server.stop().block(Caller.PATIENCE);
        server = new AdminServer(config, fleet, Schedulers.parallel(), line -> {
            audit.add(line);
            onAudit.run();
        });
        caller = new Caller(Objects.requireNonNull(server.start().block(Caller.PATIENCE)), Map.of());
    }

    @AfterEach
    void stop() {
        server.stop().block(Caller.PATIENCE);
    }

    @Test
    void statusIsTheFleetAtAGlance() {
        Caller.Answer answer = caller.get("/api/v1/status");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(answer.headers().get("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.json().get("startedAt").stringValue()).isEqualTo("2026-01-02T03:04:05.500Z");
        assertThat(answer.json().get("controlPlanes").get(0).get("lastError").isNull()).isTrue();
        assertThat(answer.json().has("sharding")).isFalse();
    }

    @Test
    void howRunnersAreSharedIsPartOfTheStatus() {
        fleet.sharding = new FleetControl.ShardingView("kubernetes", "ours", "build-01", 3, 64, 21, 80, 160, 10, null);

        JsonNode sharding = caller.get("/api/v1/status").json().get("sharding");

        assertThat(sharding.propertyNames()).containsExactlyInAnyOrder("mode", "fleet", "member", "membersAlive",
                "shards", "shardsHeld", "runnersHeld", "runnersElsewhere", "runnersHandingOver", "trouble");
        assertThat(sharding.get("membersAlive").intValue()).isEqualTo(3);
        assertThat(sharding.get("trouble").isNull()).isTrue();
    }

    @Test
    void listingsHavePagesAndFilters() {
        Caller.Answer third = caller.get("/api/v1/runners?pool=a%20b&state=idle&search=b%C3%BCro&page=3");
        assertThat(third.json().get("items").size()).isEqualTo(50);
        assertThat(third.json().get("page").intValue()).isEqualTo(3);
        assertThat(third.json().get("pages").intValue()).isEqualTo(3);
        assertThat(third.json().get("total").intValue()).isEqualTo(250);
        assertThat(caller.get("/api/v1/runners?page=9999999").json().get("items").size()).isZero();
        assertThat(caller.get("/api/v1/jobs?state=ended&search=x").status()).isEqualTo(200);
        assertThat(fleet.asked).containsExactly("runners a b idle b\u00fcro 3", "runners null null null 9999999",
                "jobs ended x 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runners?page=0", "runners?page=-1", "runners?page=x", "runners?page=99999999999",
            "runners?state=asleep", "runners?colour=red", "runners?page=1&page=2", "jobs?state=idle", "jobs?state=%zz",
            "status?x=1", "jobs/%zz"})
    void aBadRequestSaysWhatIsBad(String path) {
        Caller.Answer answer = caller.get("/api/v1/" + path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("error").stringValue()).isEqualTo("bad_request");
        assertThat(answer.detail()).isNotBlank();
        assertThat(fleet.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api", "/console", "/console/", "/console/nothing.js", "/console/../app.js",
            "/favicon.ico", "/api/v1/", "/api/v1/nothing", "/api/v1/jobs/unknown",
            "/api/v1/jobs/unknown/log", "/api/v1/jobs/k1/log/more", "/api/v1/status/", "/api/v1/runners/k1/log",
            "/api/v1//status", "/api/v1/jobs/k2/log"})
    void whatIsNotThereIs404(String path) {
        assertThat(caller.get(path).status()).isEqualTo(404);
        assertThat(caller.get(path).json().get("error").stringValue()).isEqualTo("not_found");
    }

    @Test
    void theWrongMethodIs405() {
        assertThat(caller.get("/api/v1/drain").status()).isEqualTo(405);
        for (String change : List.of("pause", "resume", "reload", "jobs/k1/cancel")) {
            assertThat(caller.get("/api/v1/" + change).status()).as(change).isEqualTo(405);
        }
        assertThat(caller.get("/api/v1/drain").headers().get("Allow")).isEqualTo("POST");
        assertThat(caller.post("/api/v1/status", "").status()).isEqualTo(405);
        assertThat(caller.send(HttpMethod.OPTIONS, "/api/v1/drain", "").status()).isEqualTo(405);
        assertThat(fleet.asked).isEmpty();
    }

    @Test
    void oneJobAndItsLog() {
        fleet.logs.put("k1", Flux.just("one\r\n".getBytes(StandardCharsets.UTF_8), new byte[]{'t', 'w', 'o'}));

        assertThat(caller.get("/api/v1/jobs/k1").json().get("jobId").stringValue()).isEqualTo("id-k1");
        Caller.Answer log = caller.get("/api/v1/jobs/k1/log");
        assertThat(log.body()).isEqualTo("one\r\ntwo");
        assertThat(log.headers().get("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(log.headers().get("Coxswain-Log-Dropped-Bytes")).isEqualTo("7");
        assertThat(log.headers().get("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(fleet.asked).containsExactly("log k1 false");
    }

    @Test
    void drainingAndCancellingAreCarriedOutAndAudited() {
        assertThat(caller.post("/api/v1/drain", "").json().get("state").stringValue()).isEqualTo("draining");
        assertThat(caller.post("/api/v1/jobs/k1/cancel", "{\"reason\":\"too slow\"}").status()).isEqualTo(202);
        assertThat(caller.post("/api/v1/jobs/k1/cancel", "").status()).isEqualTo(202);
        assertThat(caller.post("/api/v1/jobs/k2/cancel", "{}").status()).isEqualTo(409);
        assertThat(caller.post("/api/v1/jobs/%0aforged/cancel", "").status()).isEqualTo(404);

        assertThat(fleet.asked).containsExactly("drain", "cancel k1 too slow",
                "cancel k1 cancelled through the admin API", "cancel k2 cancelled through the admin API");
        assertThat(audit).hasSize(5)
                .allMatch(line -> line.contains(" by 127.0.0.1:") && !line.contains("\n"))
                .anyMatch(line -> line.startsWith("POST /api/v1/drain by") && line.endsWith(": 202"))
                .anyMatch(line -> line.startsWith("POST /api/v1/jobs/k2/cancel by") && line.contains(": 409, "));
    }

    @Test
    void pausesAndResumesSayForHowManyRunners() {
        assertThat(caller.post("/api/v1/pause", "").body()).isEqualTo("{\"runners\":250}");
        assertThat(caller.post("/api/v1/resume", "{}").body()).isEqualTo("{\"runners\":250}");
        assertThat(caller.post("/api/v1/pause", "{\"controlPlane\":\"shorts\"}").status()).isEqualTo(200);
        assertThat(caller.post("/api/v1/pause", "{\"pool\":\"pool\"}").status()).isEqualTo(200);
        assertThat(caller.post("/api/v1/resume", "{\"runner\":\"runner-7\"}").body()).isEqualTo("{\"runners\":1}");

        assertThat(fleet.asked).containsExactly("pause Everything[]", "resume Everything[]",
                "pause OfControlPlane[name=shorts]", "pause OfPool[name=pool]", "resume OfRunner[name=runner-7]");
        assertThat(audit).hasSize(5).anyMatch(line -> line.startsWith("POST /api/v1/pause by 127.0.0.1:")
                && line.endsWith(": 200, pool pool, runners=250"));
    }

    @Test
    void aPauseForNobodyIs404AndOneForTwoIs400() {
        assertThat(caller.post("/api/v1/pause", "{\"pool\":\"n\u00f6\"}").detail())
                .isEqualTo("there is no pool n\u00f6");
        assertThat(caller.post("/api/v1/resume", "{\"controlPlane\":\"x\"}").status()).isEqualTo(404);
        assertThat(audit).first().asString().endsWith(": 404, there is no pool n?");
        fleet.asked.clear();

        for (String body : List.of("{\"pool\":\"pool\",\"runner\":\"runner-1\"}", "{\"pool\":7}", "{\"pool\":null}",
                "{\"pool\":\"\"}", "{\"fleet\":\"x\"}", "[]", "nothing")) {
            assertThat(caller.post("/api/v1/pause", body).status()).as(body).isEqualTo(400);
            assertThat(caller.post("/api/v1/resume", body).status()).as(body).isEqualTo(400);
        }
        assertThat(fleet.asked).isEmpty();
    }

    @Test
    void aReloadSaysWhatItDidAndARefusedOneIs422() {
        Caller.Answer done = caller.post("/api/v1/reload", "");
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.json().get("changes").get(0).stringValue()).isEqualTo("pool pool: weight 1 to 2");

        fleet.reloaded = new FleetControl.Reloaded(false, List.of(), List.of(), List.of("fleet.yaml:3:1: unknown key"));
        Caller.Answer refused = caller.post("/api/v1/reload", "{}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("applied").booleanValue()).isFalse();
        assertThat(refused.json().get("problems").get(0).stringValue()).isEqualTo("fleet.yaml:3:1: unknown key");
        assertThat(caller.post("/api/v1/reload", "{\"file\":\"/etc/passwd\"}").status()).isEqualTo(400);
        assertThat(audit).hasSize(3).anyMatch(line -> line.endsWith(": 200, changes=1, problems=0"))
                .anyMatch(line -> line.endsWith(": 422, changes=0, problems=1"));
    }

    @Test
    void whatIsAskedIsAuditedEvenWhenTheCallerDoesNotWait() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        fleet.reloading = Mono.<FleetControl.Reloaded>never().doOnSubscribe(subscription -> asked.countDown());
        CountDownLatch told = new CountDownLatch(1);
        onAudit = told::countDown;
        Disposable call = HttpClient.newConnection().post().uri(caller.base() + "/api/v1/reload").response()
                .subscribe(response -> {}, failure -> {});
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

        call.dispose();

        assertThat(told.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(audit).singleElement().asString().endsWith(": the caller did not wait for the answer");
    }

    @Test
    void eventsAreSentAsTheyComeUntilTheReaderGoes() throws InterruptedException {
        Sinks.Many<FleetControl.FleetEvent> events = Sinks.many().unicast().onBackpressureBuffer();
        CountDownLatch cancelled = new CountDownLatch(1);
        fleet.events = events.asFlux().doOnCancel(cancelled::countDown);

        StepVerifier.create(HttpClient.newConnection().get().uri(caller.base() + "/api/v1/events")
                .response((response, body) -> {
                    assertThat(response.responseHeaders().get("Content-Type")).isEqualTo("text/event-stream");
                    return body.asString();
                }))
                .expectNext(":\n\n")
                .then(() -> events.emitNext(new FleetControl.FleetEvent(ToyFleet.BEGIN, "job_leased", "shorts", "pool",
                        "runner-1", "k1", "leased id-k1"), Sinks.EmitFailureHandler.FAIL_FAST))
                .expectNext("""
                        event: job_leased
                        data: {"at":"2026-01-02T03:04:05.500Z","type":"job_leased","controlPlane":"shorts",\
                        "pool":"pool","runner":"runner-1","job":"k1","message":"leased id-k1"}

                        """)
                .thenCancel().verify(Caller.PATIENCE);

        assertThat(cancelled.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(caller.get("/api/v1/events?since=1").status()).isEqualTo(400);
        assertThat(caller.post("/api/v1/events", "").status()).isEqualTo(405);
    }

    @Test
    void badBodiesAreRefused() {
        for (String body : List.of("no json", "[]", "{\"reason\":1}", "{\"reason\":\"\"}", "{\"reason\":\"a\\nb\"}",
                "{\"why\":\"x\"}", "{\"reason\":\"a\",\"reason\":\"b\"}", "{} {}", "{\"reason\":\"" + "x".repeat(201)
                        + "\"}",
                "[".repeat(10_000))) {
            assertThat(caller.post("/api/v1/jobs/k1/cancel", body).status()).as(body).isEqualTo(400);
        }
        assertThat(caller.post("/api/v1/drain", "{\"reason\":\"x\"}").status()).isEqualTo(400);
        assertThat(fleet.asked).isEmpty();
    }

    @Test
    void aBodyThatIsTooLargeIs413WithAndWithoutItsLength() {
        String large = "{\"reason\":\"" + "x".repeat(17_000) + "\"}";
        assertThat(caller.post("/api/v1/jobs/k1/cancel", large).status()).isEqualTo(413);
        assertThat(caller.with("Content-Length", Integer.toString(large.length()))
                .post("/api/v1/jobs/k1/cancel", large).status()).isEqualTo(413);
        assertThat(fleet.asked).isEmpty();
    }

    @Test
    void withoutATokenOnlyLoopbackNamesAreAnswered() {
        for (String host : List.of("localhost", "LOCALHOST:8710", "127.0.0.1:1", "127.8.8.8", "[::1]:8710")) {
            assertThat(caller.with("Host", host).get("/api/v1/status").status()).as(host).isEqualTo(200);
        }
        for (String host : List.of("evil.example", "evil.example:8710", "127.0.0.1.evil.example", "10.0.0.1",
                "localhost.evil.example", "[::2]", "[::1", "")) {
            Caller.Answer answer = caller.with("Host", host).get("/api/v1/status");
            assertThat(answer.status()).as(host).isIn(400, 403);
        }
    }

    @Test
    void withoutATokenAPostFromAnotherSitesPageIsRefusedAndAudited() {
        for (String origin : List.of("http://evil.example", "null", "http://localhost:3000", "https://127.0.0.1")) {
            assertThat(caller.with("Origin", origin).post("/api/v1/drain", "").status()).as(origin).isEqualTo(403);
        }
        assertThat(fleet.asked).isEmpty();
        assertThat(audit).hasSize(4)
                .allMatch(line -> line.contains(": 403, "));

        assertThat(caller.with("Origin", caller.base().toString()).post("/api/v1/drain", "").status()).isEqualTo(202);
    }

    @Test
    void withATokenEveryRequestNeedsIt() {
        begin(LOCKED);

        for (String path : List.of("/api/v1/status", "/api/v1/events", "/api/v1/nothing", "/api")) {
            Caller.Answer answer = caller.get(path);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.headers().get("WWW-Authenticate")).isEqualTo("Bearer");
        }
        for (String wrong : List.of("Bearer s3cre", "Bearer s3cretx", "Bearer ", "s3cret", "Basic s3cret", "Bearer")) {
            assertThat(caller.with("Authorization", wrong).post("/api/v1/drain", "").status()).as(wrong).isEqualTo(401);
            assertThat(caller.with("Authorization", wrong).post("/api/v1/pause", "").status()).as(wrong).isEqualTo(401);
        }
        assertThat(fleet.asked).isEmpty();
        assertThat(audit).hasSize(12)
                .noneMatch(line -> line.contains("s3cre"));

        Caller known = caller.with("Authorization", "bearer s3cret");
        assertThat(known.get("/api/v1/status").status()).isEqualTo(200);
        assertThat(known.with("Host", "build-01.example").post("/api/v1/drain", "").status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.7", "build-01.example", "localhost.example"})
    void withoutATokenItWillNotListenBeyondLoopback(String host) {
        assertThatThrownBy(() -> new AdminServer(new AdminConfig(host, 0, null, "127.0.0.1", 0), fleet))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("supervisor.admin.listen: " + host)
                .hasMessageContaining("supervisor.admin.tokenFile");
    }

    @Test
    void aTakenPortNamesTheKeyAndAnAddressOfAnotherHostToo() {
        for (AdminConfig config : List.of(new AdminConfig("127.0.0.1", caller.base().getPort(), null, "127.0.0.1", 0),
                new AdminConfig("192.0.2.1", 0, new Secret("s"), "127.0.0.1", 0))) {
            AdminServer other = new AdminServer(config, fleet);
            StepVerifier.create(other.start())
                    .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(ListenException.class)
                            .hasMessageStartingWith("supervisor.admin.listen: "))
                    .verify(Caller.PATIENCE);
            other.stop().block(Caller.PATIENCE);
        }
        StepVerifier.create(server.start()).expectError(IllegalStateException.class).verify(Caller.PATIENCE);
    }

    @Test
    void aBugIs500WithoutItsText() {
        fleet.broken = true;
        Caller.Answer answer = caller.get("/api/v1/status");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("a bug");
    }
}
