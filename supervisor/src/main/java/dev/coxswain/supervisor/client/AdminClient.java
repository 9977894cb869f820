package dev.coxswain.supervisor.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.AdminException.Kind;
import dev.coxswain.supervisor.controlplane.Secret;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * The admin API as its callers see it. Everything is asked when it is subscribed to, may be cancelled, and fails with an
 * {@link AdminException} only.
 */
public final class AdminClient {
    private final AdminHttp http;

    /**
     * Sends nothing yet.
     *
     * @param insecure sends the token in clear text to another host as well
     * @throws AdminException when the token would be sent in clear text and {@code insecure} is not said
     */
    public AdminClient(AdminAddress address, @Nullable Secret token, boolean insecure) {
        if (token != null && !address.isEncrypted() && !address.isLoopback() && !insecure) {
            throw new AdminException(Kind.USAGE, "the token would be sent in clear text to " + address.uri() + " ("
                    + address.source() + "); use https, a tunnel to 127.0.0.1, or --insecure to send it all the same");
        }
        this.http = new AdminHttp(address, token);
    }

    /** Where it speaks to. */
    public String address() {
        return http.address().uri().toString();
    }

    /** {@code GET status}, as JSON. */
    public Mono<String> status() {
        return http.get("status");
    }

    /** Runners of all pages, up to {@code limit}. */
    public Mono<Listing> runners(@Nullable String pool, @Nullable String state, @Nullable String search,
            int limit) {
        Map<String, String> query = new LinkedHashMap<>();
        put(query, "pool", pool);
        put(query, "state", state);
        put(query, "search", search);
        return pages("runners", query, limit,
                item -> text(item, "controlPlane") + '\n' + text(item, "pool") + '\n' + text(item, "name"));
    }

    /** Jobs of all pages, up to {@code limit}: running ones by age, then the newest that ended. */
    public Mono<Listing> jobs(@Nullable String state, @Nullable String search, int limit) {
        Map<String, String> query = new LinkedHashMap<>();
        put(query, "state", state);
        put(query, "search", search);
        return pages("jobs", query, limit, item -> text(item, "key"));
    }

    /** {@code POST} to one of drain, pause, resume, reload; the answer as JSON. A reload that was refused is an answer. */
    public Mono<String> post(String what, Map<String, String> fields) {
        return http.post(what, fields);
    }

    /** Asks for a job to be stopped; the answer as JSON. */
    public Mono<String> cancel(String job, @Nullable String reason) {
        return http.post("jobs/" + encoded(job) + "/cancel", reason == null ? Map.of() : Map.of("reason", reason));
    }

    /** The log of a job as it is kept now, byte by byte as the job wrote it, but masked. */
    public Flux<byte[]> log(String job) {
        return http.bytes("jobs/" + encoded(job) + "/log");
    }

    /**
     * The same, going on until the job ends.
     *
     * @param dropped told at the end how many bytes of the log were not kept
     */
    public Flux<byte[]> follow(String job, LongConsumer dropped) {
        return http.events("jobs/" + encoded(job) + "/log").concatMap(event -> switch (event.name()) {
            case "log" -> {
                Answers.LogPiece piece = http.read(event.data(), Answers.LogPiece.class);
                byte[] bytes = piece.bytes();
                yield Mono.just(bytes != null ? bytes : piece.text().getBytes(StandardCharsets.UTF_8));
            }
            case "end" -> Mono.fromSupplier(() -> {
                dropped.accept(http.read(event.data(), Answers.LogEnd.class).droppedBytes());
                return new byte[0];
            });
            case "error" -> Mono.error(new AdminException(Kind.FAILED, "the supervisor says: "
                    + TextWidth.clean(http.read(event.data(), Answers.Problem.class).detail())));
            default -> Mono.<byte[]>empty();
        }, 1).transform(AdminClient::toItsEnd);
    }

    /** The empty piece is the end; without it the connection was cut. */
    private static Flux<byte[]> toItsEnd(Flux<byte[]> pieces) {
        return pieces.concatWith(Mono.error(() -> new AdminException(Kind.GONE,
                "the connection ended before the log did; the job may still be running")))
                .takeUntil(piece -> piece.length == 0).filter(piece -> piece.length > 0);
    }

    /** What happens in the fleet from now on; ends when the supervisor does. */
    Flux<Answers.Event> events() {
        return http.events("events").map(event -> http.read(event.data(), Answers.Event.class));
    }

    /** {@code GET status}, read. */
    Mono<Answers.Status> readStatus() {
        return status().map(json -> http.read(json, Answers.Status.class));
    }

    /** Emits how many jobs run, each second, and completes when nobody listens there any more. */
    public Flux<Integer> untilGone(Scheduler timer) {
        return Flux.interval(Duration.ZERO, Duration.ofSeconds(1), timer).onBackpressureDrop()
                .concatMap(tick -> readStatus(), 1).map(Answers.Status::jobsRunning)
                .onErrorResume(AdminException.class,
                        e -> e.kind() == Kind.GONE ? Flux.empty() : Flux.error(e));
    }

    /** While pages are fetched the list moves: what was seen on the page before is not taken twice. */
    private Mono<Listing> pages(String what, Map<String, String> query, int limit,
            Function<JsonNode, String> identity) {
        return page(what, query, 1).expand(page -> page.page() < page.pages() && page.page() * page.size() < limit
                ? page(what, query, page.page() + 1)
                : Mono.empty(), 1)
                .collect(() -> new Collected(limit, identity), Collected::take).map(Collected::listing);
    }

    private Mono<AdminHttp.Page> page(String what, Map<String, String> query, int number) {
        Map<String, String> asked = new LinkedHashMap<>(query);
        asked.put("page", Integer.toString(number));
        StringBuilder path = new StringBuilder(what);
        asked.forEach((name, value) -> path.append(path.length() == what.length() ? '?' : '&').append(name).append('=')
                .append(encoded(value)));
        return http.get(path.toString()).map(http::page);
    }

    private static void put(Map<String, String> query, String name, @Nullable String value) {
        if (value != null) {
            query.put(name, value);
        }
    }

    private static String text(JsonNode item, String field) {
        JsonNode value = item.get(field);
        return value == null ? "" : value.asString("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Items of several pages, each once. */
    private static final class Collected {
        private final int limit;
        private final Function<JsonNode, String> identity;
        private final Map<String, JsonNode> items = new LinkedHashMap<>();
        private int total;

        Collected(int limit, Function<JsonNode, String> identity) {
            this.limit = limit;
            this.identity = identity;
        }

        void take(AdminHttp.Page page) {
            total = page.total();
            for (JsonNode item : page.items()) {
                if (items.size() < limit) {
                    items.putIfAbsent(identity.apply(item), item);
                }
            }
        }

        Listing listing() {
            return new Listing(List.copyOf(items.values()), total);
        }
    }
}
