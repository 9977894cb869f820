package dev.coxswain.supervisor.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A service manager's socket, held by Python, which has datagrams on Unix sockets; each datagram becomes one line. */
public final class DatagramSocketFile implements AutoCloseable {
    private static final String PROGRAM = """
            import socket, sys
            name = sys.argv[1]
            taken = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            taken.bind("\\0" + name[1:] if name.startswith("@") else name)
            print("bound", flush=True)
            while True:
                print(taken.recv(4096).decode().replace("\\n", " "), flush=True)
            """;

    private final Process process;
    private final BufferedReader lines;

    /** @param name a path, or an abstract name after {@code @}; taken when this returns */
    public DatagramSocketFile(String name) throws IOException {
        assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "python3"))), "no python3 here");
        process = new ProcessBuilder(List.of("python3", "-c", PROGRAM, name)).redirectErrorStream(true).start();
        lines = process.inputReader();
        String first = lines.readLine();
        if (!"bound".equals(first)) {
            throw new IOException("not bound: " + first);
        }
    }

    /** The next datagram; waits for it. */
    public String next() throws IOException {
        return Objects.requireNonNull(lines.readLine(), "the socket is gone");
    }

    /** The next datagram that is no sign of life. */
    public String nextNews() throws IOException {
        String heard = next();
        while (heard.equals("WATCHDOG=1")) {
            heard = next();
        }
        return heard;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
