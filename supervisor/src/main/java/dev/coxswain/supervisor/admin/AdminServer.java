package dev.coxswain.supervisor.admin;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.fleet.FleetControl;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.NetUtil;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The admin API: {@code GET /api/v1/status}, {@code runners?pool=&state=&search=&page=},
 * {@code jobs?state=&search=&page=}, {@code jobs/{key}}, {@code jobs/{key}/log} (text, or server-sent events, see {@link LogEvents}), {@code events}
 * (server-sent, each with the type as its name), {@code POST drain}, {@code pause} and {@code resume} (optionally one of
 * {@code {"controlPlane"|"pool"|"runner": name}}), {@code reload} and {@code jobs/{key}/cancel} (optionally
 * {@code {"reason": …}}). Errors are {@code {"error", "detail"}}. Every POST is one line in the log, under
 * {@code dev.coxswain.audit}: what, who, and how it ended. Everything outside of {@code /api} is the console's
 * ({@link ConsoleFiles}).
 */
public final class AdminServer {
    /** Where it listens, in the configuration. */
    public static final String KEY = "supervisor.admin.listen";

    private static final int LONGEST_SHOWN = 250;

    private final Consumer<String> audit;
    private volatile Access access;
    private final AdminApi api;
    private final ConsoleFiles console = ConsoleFiles.ofTheJar();
    private final Listener listener;

    /**
     * Listens nowhere yet.
     *
     * @throws IllegalArgumentException when it would listen beyond loopback without a token
     */
    public AdminServer(AdminConfig config, FleetControl fleet) {
        this(config, fleet, Schedulers.parallel(), LoggerFactory.getLogger("dev.coxswain.audit")::info);
    }

    AdminServer(AdminConfig config, FleetControl fleet, Scheduler timer, Consumer<String> audit) {
        this.audit = audit;
        this.access = new Access(config.adminHost(), config.token());
        this.api = new AdminApi(fleet, timer);
        this.listener = new Listener("coxswain-admin", KEY, config.adminHost(), config.adminPort(), this::answer);
    }

    /** Asks for another token from the next request on; throws as the constructor does, and keeps the old one then. */
    public void protect(AdminConfig config) {
        access = new Access(config.adminHost(), config.token());
    }

    /** Listens, and emits the real address; fails with a {@link ListenException} that names {@link #KEY}. Once only. */
    public Mono<URI> start() {
        return listener.start();
    }

    /** Closes port and connections, also those that follow a log. Safe to repeat. */
    public Mono<Void> stop() {
        return listener.stop();
    }

    private Mono<Reply> answer(HttpServerRequest request) {
        boolean post = request.method().equals(HttpMethod.POST);
        Mono<Reply> reply = Mono.defer(() -> {
            if (!AdminApi.owns(request)) {
                return Mono.just(console.answer(request));
            }
            access.check(request.requestHeaders(), post);
            return api.answer(request);
        });
        if (!post) {
            return reply;
        }
        // a caller that goes away takes back nothing: what was asked is in the log all the same
        AtomicBoolean said = new AtomicBoolean();
        return reply.doOnNext(done -> audit(request, said, done.status()
                + (done.note().isEmpty() ? "" : ", " + done.note())))
                .doOnError(e -> audit(request, said, failure(e)))
                .doOnCancel(() -> audit(request, said, "the caller did not wait for the answer"));
    }

    private static String failure(Throwable e) {
        return e instanceof Refusal refusal ? refusal.status() + ", " + refusal.getMessage() : "failed";
    }

    private void audit(HttpServerRequest request, AtomicBoolean said, String result) {
        if (said.compareAndSet(false, true)) {
            audit.accept("POST " + shown(request.uri()) + " by " + who(request.remoteAddress()) + ": "
                    + shown(result));
        }
    }

    private static String who(@Nullable InetSocketAddress remote) {
        return remote == null ? "unknown" : NetUtil.toSocketAddressString(remote);
    }

    /** Printable and short, so that nobody writes lines of their own into the log. */
    private static String shown(String text) {
        String cut = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return cut.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
