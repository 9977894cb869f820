package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is begun for somebody is not left half done when they go away. */
class CallersWhoLeaveTest {
    @TempDir
    Path dir;
    private final Gate gate = new Gate();
    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer(dir, TestServer.config(CoderunnerLimits.DEFAULT), FleetClock.system(),
                Schedulers.parallel(), Schedulers.fromExecutor(gate), TestServer::entry, port -> Mono.just(true));
    }

    @AfterEach
    void stop() {
        gate.open();
        server.close();
    }

    @Test
    void aWholeUploadIsProcessedThoughItsSenderDidNotWaitForTheAnswer() throws IOException {
        String definition = server.definition(1);
        byte[] body = Zips.multipart("xyz", Zips.of("index.js", "x"));
        try (Socket sender = begun(definition, body.length)) {
            // what the store says of the definition has been heard
            gate.close();
            sender.getOutputStream().write(body);
            TestServer.until(() -> files("archives"), files -> files == 1);
        }
        // answered without the store, by a server that has heard of the end of the other connection
        assertThat(server.get("/nowhere").status()).isEqualTo(404);
        gate.open();

        JsonNode versions = TestServer.until(
                () -> server.get("/api/version/definition?DefinitionId=" + definition).data(),
                list -> list.size() == 1);
        String id = versions.get(0).get("id").stringValue();
        assertThat(server.ended(id).get("status").intValue()).isEqualTo(3);
        assertThat(server.delete("/api/version/" + id).status()).isEqualTo(200);
        assertThat(files("incoming")).isZero();
    }

    @Test
    void anUploadThatBreaksOffLeavesNothing() throws IOException {
        String definition = server.definition(1);
        byte[] part = Zips.multipart("xyz", new byte[50_000]);
        try (Socket sender = begun(definition, 100_000)) {
            sender.getOutputStream().write(part);
            TestServer.until(() -> files("incoming"), files -> files == 1);
        }

        TestServer.until(() -> files("incoming"), files -> files == 0);
        assertThat(server.get("/api/version/definition?DefinitionId=" + definition).data().size()).isZero();
    }

    /** An upload whose body is asked for. */
    private Socket begun(String definition, int length) throws IOException {
        Socket sender = new Socket(InetAddress.getLoopbackAddress(), server.base.getPort());
        sender.setSoTimeout((int) TestServer.PATIENCE.toMillis());
        OutputStream out = sender.getOutputStream();
        out.write(("POST /api/file/" + definition + "/upload HTTP/1.1\r\nHost: localhost\r\nx-client-key: "
                + server.workspace
                + "\r\nx-userid: u\r\nContent-Type: multipart/form-data; boundary=xyz\r\nExpect: 100-continue\r\n"
                + "Content-Length: " + length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String answer = "HTTP/1.1 100 Continue\r\n\r\n";
        assertThat(new String(sender.getInputStream().readNBytes(answer.length()), StandardCharsets.US_ASCII))
                .isEqualTo(answer);
        return sender;
    }

    private long files(String folder) {
        try (Stream<Path> files = Files.list(dir.resolve("coderunner").resolve(folder))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatHasBegunGoesOnWithoutItsCaller() {
        Sinks.One<String> first = Sinks.one();
        AtomicReference<@Nullable String> done = new AtomicReference<>();

        Unbroken.of(first.asMono().flatMap(text -> Mono.fromRunnable(() -> done.set(text))))
                .subscribe(never -> {}, e -> {}).dispose();
        first.tryEmitValue("whole");

        assertThat(done).hasValue("whole");
    }
}
