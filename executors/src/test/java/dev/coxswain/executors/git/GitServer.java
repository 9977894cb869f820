package dev.coxswain.executors.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;

import org.jspecify.annotations.Nullable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Serves repositories on loopback with git's smart protocol, read only, and remembers who came with which credential. */
public final class GitServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Map<String, Path> repositories = new ConcurrentHashMap<>();
    /** {@code path credential} of each request, in order. */
    public final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    /** Only the first version of the protocol, in which a server hands out tips of branches alone. */
    public volatile boolean tipsOnly;
    /** Where to send everybody instead; null for nowhere. */
    public volatile @Nullable String redirectTo;
    /** So many requests more are answered with a 503. */
    public final AtomicInteger busy = new AtomicInteger();

    /** Listens on a free port. */
    public GitServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** The URL of a repository that is served from now on. */
    public String serve(String name, GitRepository repository) {
        repositories.put("/" + name, repository.folder);
        return base() + "/" + name;
    }

    /** Its URL. */
    public String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String credential = exchange.getRequestHeaders().getFirst("Authorization");
            seen.add(path + " " + credential);
            String elsewhere = redirectTo;
            if (elsewhere != null) {
                exchange.getResponseHeaders().set("Location", elsewhere + exchange.getRequestURI());
                exchange.sendResponseHeaders(302, -1);
                return;
            }
            if (busy.getAndDecrement() > 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            boolean refs = path.endsWith("/info/refs");
            Path repository = repositories.get(path.replaceFirst("/(info/refs|git-upload-pack)$", ""));
            if (repository == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type",
                    "application/x-git-upload-pack-" + (refs ? "advertisement" : "result"));
            exchange.sendResponseHeaders(200, 0);
            uploadPack(exchange, repository, refs);
        }
    }

    private void uploadPack(HttpExchange exchange, Path repository, boolean refs) throws IOException {
        List<String> argv = new ArrayList<>(List.of("git", "upload-pack", "--stateless-rpc"));
        if (refs) {
            argv.add("--advertise-refs");
        }
        argv.add(repository.toString());
        ProcessBuilder builder = new ProcessBuilder(argv).redirectError(ProcessBuilder.Redirect.DISCARD);
        String protocol = exchange.getRequestHeaders().getFirst("Git-Protocol");
        if (protocol != null && !tipsOnly) {
            builder.environment().put("GIT_PROTOCOL", protocol);
        }
        OutputStream out = exchange.getResponseBody();
        if (refs && !builder.environment().containsKey("GIT_PROTOCOL")) {
            out.write("001e# service=git-upload-pack\n0000".getBytes(StandardCharsets.US_ASCII));
        }
        Process process = builder.start();
        InputStream in = exchange.getRequestBody();
        try (OutputStream stdin = process.getOutputStream()) {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            (zipped ? new GZIPInputStream(in) : in).transferTo(stdin);
        }
        process.getInputStream().transferTo(out);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
