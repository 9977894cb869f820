package dev.coxswain.supervisor.admin;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.metrics.TextForm;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class MetricsServerTest {
    private final ToyFleet fleet = new ToyFleet();
    private final AtomicReference<String> scrapedOn = new AtomicReference<>("");
    private final Scheduler scrapes = Schedulers.newBoundedElastic(1, 1, "one-scrape", 60, true);
    private final MetricsServer server = new MetricsServer(new AdminConfig("127.0.0.1", 0, null, "127.0.0.1", 0), fleet,
            this::scrape, scrapes);
    private Caller caller = new Caller(URI.create("http://127.0.0.1"), Map.of());

    private String scrape(TextForm form) {
        scrapedOn.set(Thread.currentThread().getName());
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException("a scrape reads files");
        }
        return form == TextForm.OPEN_METRICS ? "# EOF\n" : "coxswain_build_info 1\n";
    }

    @BeforeEach
    void start() {
        caller = new Caller(Objects.requireNonNull(server.start().block(Caller.PATIENCE)), Map.of());
    }

    @AfterEach
    void stop() {
        server.stop().block(Caller.PATIENCE);
        scrapes.dispose();
    }

    @Test
    void metricsComeAsPrometheusTextFromAThreadThatMayBlock() {
        Caller.Answer answer = caller.get("/metrics?name[]=x");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("coxswain_build_info 1\n");
        assertThat(answer.headers().get("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.headers().get("Cache-Control")).isEqualTo("no-store");
        assertThat(scrapedOn.get()).startsWith("one-scrape");
    }

    @Test
    void openMetricsComesToWhoeverAsksForIt() {
        Caller.Answer answer = new Caller(caller.base(), Map.of("Accept",
                "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"))
                .get("/metrics");

        assertThat(answer.headers().get("Content-Type"))
                .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(answer.body()).isEqualTo("# EOF\n");
    }

    @Test
    void aScrapeBeyondTheQueueIsRefused() {
        scrapes.dispose();

        assertThat(caller.get("/metrics").status()).isEqualTo(503);
    }

    @Test
    void probesFollowTheFleet() {
        assertThat(caller.get("/livez").body()).isEqualTo("live\n");
        assertThat(caller.get("/readyz").status()).isEqualTo(200);

        fleet.ready = false;
        assertThat(caller.get("/readyz").status()).isEqualTo(503);
        assertThat(caller.get("/readyz").body()).isEqualTo("not ready\n");
        assertThat(caller.get("/livez").status()).isEqualTo(200);
        fleet.whyNotReady = "has not joined the other supervisors yet";
        assertThat(caller.get("/readyz").status()).isEqualTo(503);
        assertThat(caller.get("/readyz").body()).isEqualTo("not ready: has not joined the other supervisors yet\n");

        fleet.live = false;
        assertThat(caller.get("/livez").status()).isEqualTo(503);
    }

    @Test
    void nothingElseIsThere() {
        assertThat(caller.get("/").status()).isEqualTo(404);
        assertThat(caller.get("/metrics/").status()).isEqualTo(404);
        assertThat(caller.get("/api/v1/status").status()).isEqualTo(404);
        Caller.Answer post = caller.send(HttpMethod.DELETE, "/metrics", "");
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.headers().get("Allow")).isEqualTo("GET");
    }

    @Test
    void aTakenPortNamesTheKey() {
        MetricsServer second = new MetricsServer(
                new AdminConfig("127.0.0.1", 0, null, "127.0.0.1", caller.base().getPort()), fleet, form -> "",
                scrapes);

        StepVerifier.create(second.start())
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(ListenException.class)
                        .hasMessageContaining("supervisor.metrics.listen: 127.0.0.1:" + caller.base().getPort())
                        .hasMessageContaining("taken by another program"))
                .verify(Caller.PATIENCE);
        second.stop().block(Caller.PATIENCE);
    }

    @Test
    void aStoppedServerHasLeftThePort() {
        server.stop().block(Caller.PATIENCE);

        MetricsServer second = new MetricsServer(
                new AdminConfig("127.0.0.1", 0, null, "127.0.0.1", caller.base().getPort()), fleet, form -> "",
                scrapes);
        assertThat(second.start().block(Caller.PATIENCE)).isEqualTo(caller.base());
        second.stop().block(Caller.PATIENCE);
    }
}
