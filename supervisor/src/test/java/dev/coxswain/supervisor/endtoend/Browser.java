package dev.coxswain.supervisor.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Chromium without a window, spoken to over its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> sessions = new ConcurrentHashMap<>();

    /** Where it is installed. */
    static Optional<Path> find() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").map(Path::of)
                .filter(Files::isExecutable).findFirst();
    }

    /** Starts it, with everything that it keeps in {@code folder}. */
    Browser(Path program, Path folder) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--headless=new", "--no-sandbox",
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--disable-extensions", "--disable-default-apps", "--mute-audio", "--no-default-browser-check",
                "--remote-debugging-port=0", "--user-data-dir=" + folder.resolve("profile"), "about:blank"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("LANG", "C.UTF-8");
        try {
            process = builder.start();
            BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
            URI address = address(said);
            Thread drain = new Thread(() -> said.lines().forEach(line -> {}), "chromium-output");
            drain.setDaemon(true);
            drain.start();
            socket = http.newWebSocketBuilder().buildAsync(address, new Reader()).join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI address(BufferedReader said) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            lines.add(line);
            if (line.startsWith("DevTools listening on ")) {
                return URI.create(line.substring("DevTools listening on ".length()).strip());
            }
        }
        throw new IllegalStateException("chromium ended: " + lines);
    }

    /** A new window of its own: nothing is kept from others. */
    BrowserPage page() {
        String context = call(null, "Target.createBrowserContext", Map.of()).get("browserContextId").stringValue();
        String target = call(null, "Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
                .get("targetId").stringValue();
        String session = call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId").stringValue();
        BrowserPage page = new BrowserPage(this, session, context);
        sessions.put(session, page::event);
        page.begin();
        return page;
    }

    /** Closes such a window. */
    void forget(String session, String context) {
        sessions.remove(session);
        call(null, "Target.disposeBrowserContext", Map.of("browserContextId", context));
    }

    /** Calls a method, and waits for what it gives back. */
    JsonNode call(@Nullable String session, String method, Map<String, ?> parameters) {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        Map<String, Object> message = new ConcurrentHashMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        try {
            synchronized (socket) {
                socket.sendText(JSON.writeValueAsString(message), true).join();
            }
            return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new AssertionError(method + " was not answered well", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            call(null, "Browser.close", Map.of());
            process.waitFor(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            socket.abort();
            http.close();
        }
    }

    private void received(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer = Objects.requireNonNull(waiting.remove(message.get("id").intValue()));
            if (message.has("error")) {
                answer.completeExceptionally(new AssertionError(message.get("error").toString()));
            } else {
                answer.complete(message.get("result"));
            }
        } else if (message.has("sessionId")) {
            sessions.getOrDefault(message.get("sessionId").stringValue(), event -> {}).accept(message);
        }
    }

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence piece, boolean last) {
            text.append(piece);
            if (last) {
                JsonNode message = JSON.readTree(text.toString());
                text.setLength(0);
                received(message);
            }
            from.request(1);
            return null;
        }
    }
}
