package dev.coxswain.supervisor.cli;

import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.ProcessSignals;
import dev.coxswain.supervisor.fleet.Fleet;

/** First signal drains, second cancels, third exits (design section 3). */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private final Fleet fleet;
    private final AtomicInteger heard = new AtomicInteger();

    StopSignals(Fleet fleet) {
        this.fleet = fleet;
    }

    void listen() {
        ProcessSignals.listen(this::heard, "TERM", "INT");
        // without a listener the JVM would end, and leave running jobs to the next start
        ProcessSignals.listen(name -> LOG.warn("SIGHUP: ignored; a changed configuration needs a restart"), "HUP");
    }

    private void heard(String name) {
        switch (heard.incrementAndGet()) {
            case 1 -> {
                LOG.info("SIG{}: draining; a second signal cancels what runs", name);
                fleet.drain();
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
