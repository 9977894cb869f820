package dev.coxswain.supervisor.notify;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Real datagrams on real sockets. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NotifySocketTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aSocketInTheFileSystemHearsEachMessageAsOneDatagram() throws IOException {
        String name = folder.resolve("notify").toString();
        try (DatagramSocketFile manager = new DatagramSocketFile(name)) {
            NotifySocket socket = new NotifySocket(name);
            socket.send("READY=1\nSTATUS=Grüße");
            socket.send("STOPPING=1");

            assertThat(manager.next()).isEqualTo("READY=1 STATUS=Grüße");
            assertThat(manager.next()).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void anAbstractSocketHearsThemToo() throws IOException {
        String name = "@coxswain-test-" + ProcessHandle.current().pid();
        try (DatagramSocketFile manager = new DatagramSocketFile(name)) {
            new NotifySocket(name).send("READY=1");

            assertThat(manager.next()).isEqualTo("READY=1");
        }
    }

    @Test
    void aSocketThatIsGoneIsAnError() throws IOException {
        NotifySocket socket = new NotifySocket(folder.resolve("nobody").toString());

        assertThatThrownBy(() -> socket.send("READY=1")).isInstanceOf(IOException.class)
                .hasMessageContaining("error 2");
    }

    @Test
    void whatIsNoUnixSocketIsRefused() {
        assertThatThrownBy(() -> new NotifySocket("vsock:2:1234")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new NotifySocket("/" + "x".repeat(107))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new NotifySocket("@")).isInstanceOf(IOException.class);
    }
}
