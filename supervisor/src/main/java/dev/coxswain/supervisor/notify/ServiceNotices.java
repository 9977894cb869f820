package dev.coxswain.supervisor.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Tells the service manager how this process fares ({@code sd_notify(3)}): {@code READY=1} when the runners are in,
 * {@code STOPPING=1} with the drain, {@code RELOADING=1} and {@code READY=1} around a reload, and {@code WATCHDOG=1} as long as
 * the fleet lives. A manager that can't be told is said once in the log; the fleet goes on.
 */
public final class ServiceNotices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceNotices.class);
    private static final int MOST_WAITING = 16;
    private static final int BEATS_IN_A_LIMIT = 3;
    private static final long MICROS = 1_000;

    /** Takes one message; may wait. */
    @FunctionalInterface
    interface Manager {
        void tell(String message) throws IOException;
    }

    private final @Nullable Manager manager;
    private final @Nullable Duration limit;
    private final Scheduler fleet;
    private final Scheduler own;
    private final Disposable.Swap watch = Disposables.swap();
    private volatile boolean refused;

    /**
     * @param manager who is told; null for nobody
     * @param limit of the watchdog; null without one
     * @param fleet where the fleet's timers run: one that hangs must be noticed
     * @param own one thread that may wait, with a bounded queue; disposed by {@link #close()}
     */
    ServiceNotices(@Nullable Manager manager, @Nullable Duration limit, Scheduler fleet, Scheduler own) {
        this.manager = manager;
        this.limit = limit;
        this.fleet = fleet;
        this.own = own;
    }

    /**
     * As this environment says: {@code NOTIFY_SOCKET}, and {@code WATCHDOG_USEC} unless {@code WATCHDOG_PID} names another
     * process. Tells nobody when the first one is missing or no socket.
     *
     * @param pid of this process
     */
    public static ServiceNotices of(Map<String, String> environment, long pid) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        Manager manager = null;
        if (!name.isEmpty()) {
            try {
                manager = new NotifySocket(name)::send;
            } catch (IOException | LinkageError e) {
                LOG.warn("NOTIFY_SOCKET: the service manager is not told: {}", e.toString());
            }
        }
        return new ServiceNotices(manager, limit(environment, pid).orElse(null), Schedulers.parallel(),
                Schedulers.newBoundedElastic(1, MOST_WAITING, "cox-notify", 60, true));
    }

    /** How long the manager waits for a sign of life. */
    static Optional<Duration> limit(Map<String, String> environment, long pid) {
        String whose = environment.getOrDefault("WATCHDOG_PID", String.valueOf(pid));
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        if (!whose.equals(String.valueOf(pid)) || !micros.matches("[1-9][0-9]{0,14}")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(Long.parseLong(micros) * MICROS));
    }

    /**
     * Says that the runners are in, that it drains when {@code draining} completes, and gives signs of life until
     * {@link #close()}: three in the manager's limit, each only after the fleet's own timers have answered that it lives.
     */
    public void begin(BooleanSupplier live, Mono<Void> draining) {
        if (manager == null) {
            return;
        }
        Mono<Void> ready = told("READY=1\nSTATUS=leasing");
        Mono<Void> stopping = draining.then(Mono.defer(() -> told("STOPPING=1\nSTATUS=draining")));
        watch.update(ready.thenMany(Flux.merge(stopping, beats(live)))
                .subscribe(nothing -> {},
                        failure -> LOG.error("the service manager is told nothing any more", failure)));
    }

    private Flux<Void> beats(BooleanSupplier live) {
        if (limit == null) {
            return Flux.empty();
        }
        Duration every = limit.dividedBy(BEATS_IN_A_LIMIT);
        return Flux.interval(Duration.ZERO, every, own).onBackpressureDrop()
                .concatMap(tick -> Mono.fromSupplier(live::getAsBoolean).subscribeOn(fleet).filter(alive -> alive)
                        .timeout(every, Mono.empty(), own).flatMap(alive -> told("WATCHDOG=1")), 0);
    }

    /** Carries a reload out, told of before and after. Waits, like {@code reload}. */
    public void reloading(long monotonicNanos, Runnable reload) {
        tell("RELOADING=1\nMONOTONIC_USEC=" + monotonicNanos / MICROS);
        try {
            reload.run();
        } finally {
            tell("READY=1");
        }
    }

    private Mono<Void> told(String message) {
        return Mono.<Void>fromRunnable(() -> tell(message)).subscribeOn(own);
    }

    private void tell(String message) {
        if (manager == null) {
            return;
        }
        try {
            manager.tell(message);
            refused = false;
        } catch (IOException e) {
            if (!refused) {
                refused = true;
                LOG.warn("the service manager could not be told {}: {}", message.lines().findFirst().orElse(""),
                        e.toString());
            }
        }
    }

    /** Gives no more signs of life. Safe to repeat. */
    @Override
    public void close() {
        watch.dispose();
        own.dispose();
    }
}
