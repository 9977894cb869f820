package dev.coxswain.supervisor.coderunner;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class UploadLimitsTest {
    private static final int MOST = 100_000;

    @TempDir
    Path dir;
    private TestServer server;

    @BeforeEach
    void start() {
        CoderunnerLimits usual = CoderunnerLimits.DEFAULT;
        server = new TestServer(dir, TestServer.config(new CoderunnerLimits(usual.waiting(), usual.functionTimeout(),
                usual.jobTimeout(), MOST, usual.payloadBytes(), usual.definitions(), usual.deployments(),
                usual.executions(), usual.versions(), usual.archive(), usual.keepFor(), usual.keepMost())));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whatIsTooLargeIs413WithAndWithoutALength() {
        String definition = server.definition(1);
        byte[] body = Zips.multipart("xyz", new byte[3 * MOST]);

        assertThat(server.upload(definition, new byte[3 * MOST]).status()).isEqualTo(413);
        assertThat(server.send(server.request("/api/file/" + definition + "/upload")
                .header("Content-Type", "multipart/form-data; boundary=xyz")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))).status())
                .isEqualTo(413);
        assertThat(server.upload(definition, new byte[MOST + 1]).status()).isEqualTo(413);
        assertThat(dir.resolve("coderunner/incoming")).isEmptyDirectory();
    }

    /** An answer that comes before the body was read; what follows on the connection is no request. */
    @Test
    void trap18aRefusalBeforeTheBodyLeavesNoGarbageBehind() throws IOException {
        String unknown = "/api/file/" + UUID.randomUUID() + "/upload";
        byte[] body = ("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(20_000)
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.base.getPort())) {
            socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + unknown + " HTTP/1.1\r\nHost: localhost\r\nx-client-key: " + server.workspace
                    + "\r\nx-userid: u\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                    + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(all).startsWith("HTTP/1.1 404").containsIgnoringCase("connection: close");
            assertThat(all.split("HTTP/1.1 ", -1)).as("one answer, and then the end").hasSize(2);
        }
    }
}
