package dev.coxswain.supervisor;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.config.ConfigException;
import dev.coxswain.supervisor.config.FleetDiff;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.config.Problem;
import dev.coxswain.supervisor.fleet.FleetControl.Reloaded;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Holds the configuration in force, and takes over a new one: as a whole, or not at all. */
final class Reloads {
    private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

    private final Callable<FleetFile> source;
    private final Consumer<FleetFile> takeOver;
    private final Scheduler files;
    private final Meters.Family<Counter> counts;
    private volatile FleetFile running;

    /**
     * @param running the configuration in force
     * @param source reads the new one; may block
     * @param takeOver carries it out
     * @param files where that happens
     * @param meters counts what came of each
     */
    Reloads(FleetFile running, Callable<FleetFile> source, Consumer<FleetFile> takeOver, Scheduler files,
            Meters meters) {
        this.running = running;
        this.source = source;
        this.takeOver = takeOver;
        this.files = files;
        this.counts = meters.counters(FleetMeters.CONFIG_RELOADS);
    }

    FleetFile running() {
        return running;
    }

    /** As {@code FleetControl.reload()} says. Not stopped by a cancel: half a reload would be worse. */
    Mono<Reloaded> reload() {
        return Mono.create(sink -> files.schedule(() -> {
            try {
                Reloaded done = reloadNow();
                counts.of(done.applied() ? "applied" : "refused").increment();
                sink.success(done);
            } catch (RuntimeException e) {
                LOG.error("reload failed, the configuration before it is kept as far as it was not replaced", e);
                counts.of("failed").increment();
                sink.success(refused(List.of("the supervisor had an internal error (" + e.getClass().getSimpleName()
                        + "); see its log")));
            }
        }));
    }

    private synchronized Reloaded reloadNow() {
        FleetFile file;
        try {
            file = source.call();
        } catch (ConfigException e) {
            return refused(e.problems().stream().map(Problem::toString).toList());
        } catch (Exception e) {
            return refused(List.of("the configuration can't be read: " + e.getMessage()));
        }
        FleetDiff diff = FleetDiff.between(running, file);
        FleetFile next = file.keeping(running);
        file.warnings().forEach(warning -> LOG.warn("{}", warning));
        takeOver.accept(next);
        running = next;
        LOG.info("configuration reloaded: changes={}", diff.changes().size());
        diff.changes().forEach(line -> LOG.info("reloaded: {}", line));
        diff.needsRestart().forEach(line -> LOG.warn("needs a restart: {}", line));
        return new Reloaded(true, diff.changes(), diff.needsRestart(), List.of());
    }

    private static Reloaded refused(List<String> problems) {
        LOG.warn("configuration not reloaded, the one before it is kept: problems={}", problems.size());
        problems.forEach(line -> LOG.warn("not reloaded: {}", line));
        return new Reloaded(false, List.of(), List.of(), problems);
    }
}
