package dev.coxswain.executors.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

/** One exec of a {@link FakeEngine}: a process of this host, its two streams in one, and the end of it the connection's. */
final class FakeExec {
    private static final int PIECE = 16 << 10;
    private static final int HEAD = 8;

    final FakeContainer container;
    private final JsonNode form;
    volatile @Nullable Process process;

    FakeExec(FakeContainer container, JsonNode form) {
        this.container = container;
        this.form = form;
    }

    /** Blocks where the other side does not read. */
    void serve(FakeExchange exchange, ExecutorService threads) throws Exception {
        Process started = start();
        exchange.streaming();
        Future<?> errors = threads.submit(() -> pass(started.getErrorStream(), 2, exchange));
        pass(started.getInputStream(), 1, exchange);
        errors.get();
        started.waitFor();
    }

    private Process start() throws IOException {
        List<String> argv = new ArrayList<>();
        form.path("Cmd").forEach(each -> argv.add(each.asString()));
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(Path.of(form.path("WorkingDir").asString()).toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().put("HOSTNAME", container.name);
        form.path("Env").forEach(each -> {
            String[] variable = each.asString().split("=", 2);
            builder.environment().put(variable[0], variable[1]);
        });
        Process started = builder.redirectInput(Path.of("/dev/null").toFile()).start();
        container.processes.removeIf(ended -> !ended.isAlive());
        container.processes.add(started);
        process = started;
        return started;
    }

    /** A side that has gone leaves the process to write into the void, as an engine does. */
    private static @Nullable Void pass(InputStream from, int stream, FakeExchange exchange) throws IOException {
        byte[] piece = new byte[PIECE];
        boolean heard = true;
        for (int read = from.read(piece); read >= 0; read = from.read(piece)) {
            if (heard) {
                try {
                    synchronized (exchange) {
                        exchange.out().write(frame(stream, piece, read));
                        exchange.out().flush();
                    }
                } catch (IOException e) {
                    heard = false;
                }
            }
        }
        return null;
    }

    static byte[] frame(int stream, byte[] bytes, int length) {
        return ByteBuffer.allocate(HEAD + length).put((byte) stream).put(new byte[3]).putInt(length)
                .put(bytes, 0, length)
                .array();
    }
}
