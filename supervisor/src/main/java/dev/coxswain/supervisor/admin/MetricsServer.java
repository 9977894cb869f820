package dev.coxswain.supervisor.admin;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import dev.coxswain.supervisor.fleet.FleetControl;
import dev.coxswain.supervisor.metrics.TextForm;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;

/** {@code GET /metrics}, {@code /livez} and {@code /readyz}, nothing else and for anybody who can reach the port. */
public final class MetricsServer {
    /** Where it listens, in the configuration. */
    public static final String KEY = "supervisor.metrics.listen";

    private final FleetControl fleet;
    private final Function<TextForm, String> scrape;
    private final Scheduler scrapes;
    private final Listener listener;

    /**
     * Listens nowhere yet.
     *
     * @param scrape everything in the form that is asked for; called on {@code scrapes}
     * @param scrapes one thread that may block, with a bounded queue: what it rejects is answered with 503. Its owner
     *        disposes it after {@link #stop()}
     */
    public MetricsServer(AdminConfig config, FleetControl fleet, Function<TextForm, String> scrape, Scheduler scrapes) {
        this.fleet = fleet;
        this.scrape = scrape;
        this.scrapes = scrapes;
        this.listener = new Listener("coxswain-metrics", KEY, config.metricsHost(), config.metricsPort(), this::answer);
    }

    /** Listens, and emits the real address; fails with a {@link ListenException} that names {@link #KEY}. Once only. */
    public Mono<URI> start() {
        return listener.start();
    }

    /** Closes port and connections. Safe to repeat. */
    public Mono<Void> stop() {
        return listener.stop();
    }

    private Mono<Reply> answer(HttpServerRequest request) {
        String path = new QueryStringDecoder(request.uri()).rawPath();
        if (!path.equals("/metrics") && !path.equals("/livez") && !path.equals("/readyz")) {
            return Mono.just(Reply.text(404, "not found: there are /metrics, /livez and /readyz\n"));
        }
        if (!request.method().equals(HttpMethod.GET)) {
            return Mono.just(Reply.text(405, "only GET\n").with(Map.of("Allow", "GET")));
        }
        return switch (path) {
            case "/livez" -> Mono.just(probe(fleet.live(), "live"));
            case "/readyz" -> Mono.just(ready());
            default -> metrics(TextForm.wanted(String.join(",", request.requestHeaders().getAll("Accept"))));
        };
    }

    private Mono<Reply> metrics(TextForm form) {
        return Mono.fromSupplier(() -> scrape.apply(form)).subscribeOn(scrapes)
                .map(text -> Reply.text(200, form.contentType(), text))
                .onErrorResume(RejectedExecutionException.class,
                        e -> Mono.just(Reply.text(503, "too many scrapes wait already\n")));
    }

    private Reply ready() {
        boolean ready = fleet.ready();
        String why = ready ? null : fleet.whyNotReady();
        return why == null ? probe(ready, "ready") : Reply.text(503, "not ready: " + why + "\n");
    }

    private static Reply probe(boolean good, String what) {
        return Reply.text(good ? 200 : 503, (good ? what : "not " + what) + "\n");
    }
}
