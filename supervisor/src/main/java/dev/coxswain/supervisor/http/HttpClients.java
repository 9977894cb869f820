package dev.coxswain.supervisor.http;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.netty.channel.ChannelOption;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Owns the HTTP connections of the process: four pools that can't starve each other, and their threads. No client follows
 * redirects, keeps cookies, asks for compression or repeats a request by itself (a repeated lease may lease twice).
 */
public final class HttpClients {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final int WAITING_ANSWERS = 100_000;

    private final List<LoopResources> loops;
    private final List<ConnectionProvider> providers;
    private final HttpClient calls;
    private final HttpClient heartbeats;
    private final HttpClient store;
    private final HttpClient models;
    private final Scheduler large = Schedulers.newBoundedElastic(
            Math.max(2, Runtime.getRuntime().availableProcessors()),
            WAITING_ANSWERS, "http-large", 60, true);

    /** Without meters of its pools: for commands that end soon. */
    public HttpClients(HttpLimits limits) {
        this(limits, null);
    }

    /** @param pools is told of each pool, to show how full it is; null for nobody */
    public HttpClients(HttpLimits limits, ConnectionProvider.@Nullable MeterRegistrar pools) {
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        // a call that follows from an answer stays on its thread: waking another one costs as much as the call
        LoopResources callers = LoopResources.create("http", threads, true);
        // uploads are spread evenly over the cores, and no call waits behind one
        LoopResources senders = LoopResources.create("http-store", threads, threads, true, false);
        // one thread of their own: a heartbeat must not wait behind the decoding of a large answer or behind uploads
        LoopResources beats = LoopResources.create("http-heartbeats", 1, true);
        ConnectionProvider callPool = pool("calls", limits.calls(), limits, pools);
        ConnectionProvider heartbeatPool = pool("heartbeats", limits.heartbeats(), limits, pools);
        ConnectionProvider storePool = pool("store", limits.store(), limits, pools);
        ConnectionProvider modelPool = pool("models", limits.models(), limits, pools);
        this.loops = List.of(callers, senders, beats);
        this.providers = List.of(callPool, heartbeatPool, storePool, modelPool);
        // calls have a time limit of their own, each as a whole
        this.calls = client(callPool, callers, limits);
        this.heartbeats = client(heartbeatPool, beats, limits);
        this.store = client(storePool, senders, limits).responseTimeout(limits.response());
        this.models = client(modelPool, callers, limits);
    }

    /**
     * Loads what the first connection needs, the host's trusted certificates foremost; opens none. Takes a fifth of a second on
     * a slow host: for a thread of its own while a process starts, whose first client then finds it done or waits for it.
     */
    public static void headStart() {
        HttpClient.create(ConnectionProvider.newConnection()).protocol(HttpProtocol.HTTP11);
    }

    /** For everything that is said to a control plane, heartbeats excepted. */
    public HttpClient calls() {
        return calls;
    }

    /** For heartbeats only. */
    public HttpClient heartbeats() {
        return heartbeats;
    }

    /** For signed URLs: adds nothing to the caller's headers but Host, Accept and User-Agent, which no signature covers. */
    public HttpClient store() {
        return store;
    }

    /** For requests to models: they take minutes, and must not keep connections from a control plane's calls. */
    public HttpClient models() {
        return models;
    }

    /** Where large answers are read: reading one takes so long that the other calls of an event loop would notice. */
    public Scheduler large() {
        return large;
    }

    /** Closes all connections and ends the threads; calls in flight fail. Safe to repeat. */
    public Mono<Void> close() {
        Mono<Void> closed = Mono.whenDelayError(providers.stream().map(ConnectionProvider::disposeLater).toList())
                .then(Mono.defer(() -> Mono.whenDelayError(
                        loops.stream().map(loop -> loop.disposeLater(Duration.ZERO, CLOSE_TIMEOUT)).toList())));
        // ending threads takes a lock, which may be waited for
        return Flux.concatDelayError(closed,
                Mono.<Void>fromRunnable(large::dispose).subscribeOn(Schedulers.boundedElastic())).then();
    }

    private static ConnectionProvider pool(String name, int connections, HttpLimits limits,
            ConnectionProvider.@Nullable MeterRegistrar pools) {
        ConnectionProvider.Builder pool = ConnectionProvider.builder(name).maxConnections(connections)
                .pendingAcquireMaxCount(limits.waiting())
                .pendingAcquireTimeout(limits.longestWait()).maxIdleTime(limits.idle()).maxLifeTime(limits.life())
                .evictInBackground(limits.idle()).lifo();
        return (pools == null ? pool : pool.metrics(true, () -> pools)).build();
    }

    private static HttpClient client(ConnectionProvider pool, LoopResources loop, HttpLimits limits) {
        return HttpClient.create(pool).headers(h -> h.set("User-Agent", "coxswain/" + version())).runOn(loop)
                .followRedirect(false).compress(false).disableRetry(true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(limits.connect().toMillis()))
                .option(ChannelOption.TCP_NODELAY, true);
    }

    /** From the jar's manifest; classes that run outside of the jar have none. */
    private static String version() {
        return Stream.of(HttpClients.class.getPackage().getImplementationVersion()).filter(Objects::nonNull).findFirst()
                .orElse("dev");
    }
}
