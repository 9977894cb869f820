package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.ExecutionEvent.Streamed;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Results that a handler makes piece by piece, on their way to whoever called its URL. */
class StreamedResultsTest {
    private static final Outcome DONE = new Outcome.Complete("{\"result\":null,\"exitCode\":null}");

    @TempDir
    Path dir;
    private final HttpClient http = HttpClient.newHttpClient();
    private TestServer server;
    private String function;

    @BeforeEach
    void start() {
        server = new TestServer(dir);
        function = server.definition(1);
        server.deployment(function, server.version(function));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CompletableFuture<HttpResponse<InputStream>> call() {
        return http.sendAsync(server.request("/fn/" + function).GET().build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static void tell(Lease lease, Streamed piece) {
        lease.streamed(piece).block(TestServer.PATIENCE);
    }

    private static Streamed part(String text) {
        return new Streamed.Part(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(InputStream body, int bytes) throws IOException {
        return new String(body.readNBytes(bytes), StandardCharsets.UTF_8);
    }

    @Test
    void piecesReachTheCallerBeforeTheEnd() throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer = call();
        Lease lease = server.runner.begun();
        assertThat(TestRunner.document(lease).get("streams").booleanValue()).isTrue();

        tell(lease, new Streamed.Begun("{\"statusCode\":206,\"headers\":{\"x-a\":\"b\"},\"type\":\"text/plain\"}"));
        tell(lease, part("one "));

        assertThat(answer.join().statusCode()).isEqualTo(206);
        assertThat(answer.join().headers().firstValue("x-a")).hasValue("b");
        assertThat(answer.join().headers().firstValue("content-type")).hasValue("text/plain");
        assertThat(answer.join().headers().firstValue("x-coderunner-execution-id")).isPresent();
        InputStream body = answer.join().body();
        assertThat(read(body, 4)).isEqualTo("one ");
        tell(lease, part("two"));
        assertThat(read(body, 3)).isEqualTo("two");
        TestRunner.settle(lease, DONE);
        assertThat(body.readAllBytes()).isEmpty();
    }

    @Test
    void aResultThatBreaksOffHasNoCleanEnd() throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer = call();
        Lease lease = server.runner.begun();
        tell(lease, new Streamed.Begun("{\"type\":\"text/plain\"}"));
        tell(lease, part("half"));
        InputStream body = answer.join().body();
        assertThat(read(body, 4)).isEqualTo("half");

        TestRunner.settle(lease, new Outcome.Fail(Outcome.Cause.FAILURE, "[HandlerError] no more"));

        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }

    @Test
    void whoeverLeftHoldsNobodyUp() throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer = call();
        Lease lease = server.runner.begun();
        tell(lease, new Streamed.Begun("{\"type\":\"text/plain\"}"));
        answer.join().body().close();

        for (int i = 0; i < 500; i++) {
            tell(lease, part("x".repeat(16 << 10)));
        }
        TestRunner.settle(lease, DONE);
    }

    @Test
    void aResultThatNeedsNoPiecesIsAnsweredWhole() throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer = call();

        server.runner.complete("[1]");

        assertThat(read(answer.join().body(), 9)).isEqualTo("[1]");
    }

    @Test
    void anEmptyStreamIsAnEmptyAnswer() throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer = call();
        Lease lease = server.runner.begun();
        tell(lease, new Streamed.Begun("{\"statusCode\":204,\"type\":\"text/plain\"}"));
        TestRunner.settle(lease, DONE);

        assertThat(answer.join().statusCode()).isEqualTo(204);
        assertThat(answer.join().body().readAllBytes()).isEmpty();
    }

    @Test
    void aHeadThatCannotBeSentIsTheHandlersError() throws IOException {
        CompletableFuture<HttpResponse<InputStream>> answer = call();
        Lease lease = server.runner.begun();
        tell(lease, new Streamed.Begun("{\"statusCode\":7}"));

        tell(lease, part("nobody hears it"));
        TestRunner.settle(lease, DONE);

        assertThat(answer.join().statusCode()).isEqualTo(500);
        assertThat(read(answer.join().body(), 4_096)).contains("HandlerError", "statusCode");
    }

    @Test
    void theRunFormAndRunsWantTheWholeResult() {
        CompletableFuture<TestServer.Answer> answer = server.posting("/fn/" + function, "{\"payload\":1}");
        assertThat(server.runner.complete("1").get("streams").booleanValue()).isFalse();
        answer.join();

        server.send(server.request("/api/execution/run/onetime/" + function).POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(server.runner.complete("1").get("streams").booleanValue()).isFalse();
    }
}
