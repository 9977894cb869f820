package dev.coxswain.supervisor.grafana;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of which one line says where it listens. Its last lines are kept for whoever asks why it failed. */
final class ChildProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int KEPT_LINES = 50;

    private final Process process;
    private final CompletableFuture<String> address = new CompletableFuture<>();
    private final ConcurrentLinkedQueue<String> lines = new ConcurrentLinkedQueue<>();

    /** @param listening finds the address, as its first group */
    ChildProcess(ProcessBuilder builder, Pattern listening) {
        try {
            process = builder.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(() -> read(listening), "output of " + builder.command().getFirst());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Pattern listening) {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (lines.size() > KEPT_LINES) {
                    lines.remove();
                }
                Matcher found = listening.matcher(line);
                if (found.find()) {
                    address.complete(found.group(1));
                }
            }
        } catch (IOException e) {
            // a kill closes the pipe in the middle of a line
        }
        address.completeExceptionally(new IllegalStateException("it ended: " + said()));
    }

    String address() {
        return address.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Its last lines. */
    String said() {
        return String.join("\n", lines);
    }

    /** TERM, and when that does not help, KILL. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
