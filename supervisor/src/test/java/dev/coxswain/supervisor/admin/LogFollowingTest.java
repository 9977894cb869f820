package dev.coxswain.supervisor.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class LogFollowingTest {
    private static final String COMMENT = ":\n\n";

    private final ToyFleet fleet = new ToyFleet();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AdminServer server = new AdminServer(new AdminConfig("127.0.0.1", 0, null, "127.0.0.1", 0), fleet,
            time, line -> {});
    private URI base = URI.create("http://127.0.0.1");

    @BeforeEach
    void start() {
        base = Objects.requireNonNull(server.start().block(Caller.PATIENCE));
    }

    @AfterEach
    void stop() {
        server.stop().block(Caller.PATIENCE);
    }

    @Test
    void aLogIsFollowedPieceByPieceToItsEnd() {
        Sinks.Many<byte[]> log = Sinks.many().unicast().onBackpressureBuffer();
        fleet.logs.put("k1", log.asFlux());
        byte[] umlaut = "\u00e4".getBytes(StandardCharsets.UTF_8);

        StepVerifier.create(follow()).expectNext(COMMENT)
                .then(() -> emit(log, "10 %\r20 %\r\n".getBytes(StandardCharsets.UTF_8)))
                .expectNext("event: log\ndata: {\"text\":\"10 %\\r20 %\\r\\n\"}\n\n")
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(15))).expectNext(COMMENT)
                .then(() -> emit(log, new byte[]{'a', umlaut[0]})).expectNext(event("a"))
                .then(() -> emit(log, new byte[]{umlaut[1]})).expectNext(event("\u00e4"))
                .then(() -> emit(log, new byte[]{(byte) 0xff, 'b', umlaut[0]}))
                .expectNext("event: log\ndata: {\"text\":\"\ufffdb\",\"bytes\":\"/2I=\"}\n\n")
                .then(log::tryEmitComplete).thenConsumeWhile(text -> true)
                .expectComplete().verify(Caller.PATIENCE);
        assertThat(fleet.asked).containsExactly("log k1 true");
    }

    @Test
    void theLastEventTellsWhatWasDropped() {
        fleet.logs.put("k1", Flux.just(new byte[]{'a', (byte) 0xc3}));

        StepVerifier.create(follow().reduce(String::concat))
                .expectNext(COMMENT + event("a")
                        + "event: log\ndata: {\"text\":\"\ufffd\",\"bytes\":\"ww==\"}\n\n"
                        + "event: end\ndata: {\"droppedBytes\":7}\n\n")
                .expectComplete().verify(Caller.PATIENCE);
    }

    @Test
    void aLogThatFailsSaysSo() {
        fleet.logs.put("k1", Flux.concat(Flux.just(new byte[]{'a'}), Flux.error(new IOException("/secret/path"))));

        StepVerifier.create(follow().reduce(String::concat))
                .expectNext(COMMENT + event("a")
                        + "event: error\ndata: {\"detail\":\"the log can't be read any further\"}\n\n")
                .expectComplete().verify(Caller.PATIENCE);
    }

    @Test
    void aReaderThatGoesAwayCancelsTheLog() {
        Sinks.Many<byte[]> log = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Empty<Void> cancelled = Sinks.empty();
        fleet.logs.put("k1", log.asFlux().doOnCancel(cancelled::tryEmitEmpty));

        StepVerifier.create(follow()).expectNext(COMMENT).then(() -> emit(log, new byte[]{'x'})).expectNext(event("x"))
                .thenCancel()
                .verify(Caller.PATIENCE);

        StepVerifier.create(cancelled.asMono()).expectComplete().verify(Caller.PATIENCE);
    }

    @Test
    void stoppingTheServerEndsItsFollowers() {
        Sinks.Many<byte[]> log = Sinks.many().unicast().onBackpressureBuffer();
        Sinks.Empty<Void> cancelled = Sinks.empty();
        fleet.logs.put("k1", log.asFlux().doOnCancel(cancelled::tryEmitEmpty));

        StepVerifier.create(follow()).expectNext(COMMENT).then(() -> emit(log, new byte[]{'x'})).expectNext(event("x"))
                .then(() -> server.stop().block(Caller.PATIENCE)).expectError().verify(Caller.PATIENCE);

        StepVerifier.create(cancelled.asMono()).expectComplete().verify(Caller.PATIENCE);
    }

    @Test
    void garbageOnTheWireIsRefusedAndTheServerLives() throws IOException {
        Random random = new Random(7);
        String host = "Host: localhost\r\n";
        for (String line : new String[]{"\u0000\u0001\u0002\r\n\r\n", "GET\r\n\r\n", "GET http://[ HTTP/1.1\r\n\r\n",
                "GET * HTTP/1.1\r\n" + host + "\r\n",
                "POST /api/v1/drain HTTP/1.1\r\n" + host + "Content-Length: -5\r\n\r\n",
                "GET /api/v1/%2e%2e/%00 HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n",
                "GET /" + "x".repeat(10_000) + " HTTP/1.1\r\n" + host + "\r\n",
                "GET / HTTP/1.1\r\nA: " + "x".repeat(20_000) + "\r\n\r\n"}) {
            String answer = raw(line.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(answer).as(line).satisfiesAnyOf(a -> assertThat(a).startsWith("HTTP/1.1 4"),
                    a -> assertThat(a).startsWith("HTTP/1.0 4"), a -> assertThat(a).isEmpty());
        }
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[500];
            random.nextBytes(noise);
            noise[499] = '\n';
            noise[498] = '\n';
            assertThat(raw(noise)).doesNotContain(" 200 ").doesNotContain(" 500 ");
        }
        assertThat(new Caller(base, Map.of()).get("/api/v1/status").status()).isEqualTo(200);
        assertThat(fleet.asked).isEmpty();
    }

    private String raw(byte[] request) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketException e) {
            return "";
        }
    }

    private Flux<String> follow() {
        return HttpClient.newConnection().headers(h -> h.set("Accept", "text/event-stream")).get()
                .uri(base + "/api/v1/jobs/k1/log").response((response, body) -> {
                    assertThat(response.responseHeaders().get("Content-Type")).isEqualTo("text/event-stream");
                    return body.asString();
                });
    }

    private static String event(String text) {
        return "event: log\ndata: {\"text\":\"" + text + "\"}\n\n";
    }

    private static void emit(Sinks.Many<byte[]> log, byte[] bytes) {
        log.emitNext(bytes, Sinks.EmitFailureHandler.FAIL_FAST);
    }
}
