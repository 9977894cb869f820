package dev.coxswain.supervisor.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The console: {@code /} and {@code /console/…}, a page and its modules. Anybody who reaches the port may have them, as
 * there is nothing of the fleet in them; what they show comes from the API, which asks for the token. They are kept in
 * memory, and a browser asks each time whether they are still the same.
 */
final class ConsoleFiles {
    /** Everything there is; nothing else can be asked for. */
    static final List<String> NAMES = List.of("index.html", "style.css", "parts.css", "icon.svg", "actions.js",
            "ansi.js",
            "api.js", "app.js", "chart.js", "dialog.js", "dom.js", "filters.js", "format.js", "history.js", "keys.js",
            "logview.js", "marks.js",
            "shell.js", "table.js", "views/job.js", "views/jobs.js", "views/login.js", "views/overview.js",
            "views/runners.js");

    /** No script, style, picture or address but ours, and no text that becomes markup. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
            "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

    private final Map<String, Asset> assets;

    private record Asset(String type, String tag, byte[] bytes) {}

    private ConsoleFiles(Map<String, Asset> assets) {
        this.assets = assets;
    }

    /** Reads them all; not on an event loop. */
    static ConsoleFiles ofTheJar() {
        Map<String, Asset> assets = new HashMap<>();
        for (String name : NAMES) {
            byte[] bytes = bytes(name);
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            assets.put(name.equals("index.html") ? "/" : "/console/" + name, new Asset(type, tag(bytes), bytes));
        }
        return new ConsoleFiles(assets);
    }

    /** The file, that it is still the same, or a {@link Refusal}. */
    Reply answer(HttpServerRequest request) {
        Asset asset = assets.get(new QueryStringDecoder(request.uri()).rawPath());
        if (asset == null) {
            throw Refusal.notFound("nothing is here; the console is at /, the API below /api/v1/");
        }
        if (!request.method().equals(HttpMethod.GET)) {
            throw new Refusal(405, "method_not_allowed", "only GET here", Map.of("Allow", "GET"));
        }
        Map<String, String> headers = Map.of("Content-Security-Policy", POLICY, "Cache-Control", "no-cache", "ETag",
                asset.tag(), "Cross-Origin-Resource-Policy", "same-origin");
        if (asset.tag().equals(request.requestHeaders().get("If-None-Match"))) {
            return new Reply(304, asset.type(), headers, Flux.empty(), false, "");
        }
        return new Reply(200, asset.type(), Map.of("Content-Length", Integer.toString(asset.bytes().length)),
                Flux.just(asset.bytes()), false, "").with(headers);
    }

    private static byte[] bytes(String name) {
        try (InputStream file = ConsoleFiles.class.getResourceAsStream("console/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the console's file " + name + " is not in the jar");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the console's file " + name + " can't be read", e);
        }
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
