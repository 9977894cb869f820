package dev.coxswain.supervisor.cli;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.ProcessSignals;
import dev.coxswain.supervisor.fleet.Fleet;
import dev.coxswain.supervisor.fleet.FleetControl;
import dev.coxswain.supervisor.notify.ServiceNotices;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** First signal drains, second cancels, third exits; SIGHUP reloads (design section 3). */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private final Fleet fleet;
    private final ServiceNotices notices;
    private final AtomicInteger heard = new AtomicInteger();
    private final Sinks.Empty<Void> stopAsked = Sinks.empty();

    StopSignals(Fleet fleet, ServiceNotices notices) {
        this.fleet = fleet;
        this.notices = notices;
    }

    void listen() {
        ProcessSignals.listen(this::heard, "TERM", "INT");
        ProcessSignals.listen(name -> notices.reloading(System.nanoTime(), this::reload), "HUP");
    }

    /** Completes with the first signal that drains. */
    Mono<Void> stopAsked() {
        return stopAsked.asMono();
    }

    /** Until there is a fleet: the JVM's own way with this signal is to end. */
    static void ignoreReloads() {
        ProcessSignals.listen(name -> LOG.warn("SIG{}: still starting, nothing to reload yet", name), "HUP");
    }

    /** On the signal's own thread, so it may wait; what is wrong is said, and the fleet goes on as it is. */
    private void reload() {
        LOG.info("SIGHUP: reading the configuration again");
        try {
            FleetControl.Reloaded done = Objects.requireNonNull(fleet.reload().block());
            LOG.info("SIGHUP: {}", done.applied() ? "reloaded" : "not reloaded, the configuration before it is kept");
        } catch (RuntimeException e) {
            LOG.error("SIGHUP: the configuration could not be read again; the fleet goes on as it is", e);
        }
    }

    private void heard(String name) {
        switch (heard.incrementAndGet()) {
            case 1 -> {
                LOG.info("SIG{}: draining; a second signal cancels what runs", name);
                fleet.drain();
                stopAsked.tryEmitEmpty();
            }
            case 2 -> LOG.warn("SIG{}: cancelling what runs, jobs={}; a third signal exits at once", name,
                    fleet.cancelAll());
            default -> {
                LOG.warn("SIG{}: exiting; what is open is settled at the next start", name);
                Runtime.getRuntime().halt(ExitCodes.CANCELLED);
            }
        }
    }
}
