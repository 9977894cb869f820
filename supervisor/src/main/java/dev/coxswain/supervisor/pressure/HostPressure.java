package dev.coxswain.supervisor.pressure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Looks at the host at an interval, shows what it sees as gauges, and says whether the host may take one more job. What can't be
 * read is unknown: NaN in the gauge, and its limit refuses nothing.
 */
public final class HostPressure {
    private static final Logger LOG = LoggerFactory.getLogger(HostPressure.class);
    /** Some ten small files: only a file system that hangs takes so long. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Supplier<Map<Resource, Pressure>> host;
    private final Scheduler files;
    private final Scheduler timer;
    private final LongSupplier nanos;
    private final Duration every;
    private final Disposable.Swap looking = Disposables.swap();
    private final Set<Resource> told = EnumSet.noneOf(Resource.class);
    private volatile PressureConfig config;
    private volatile Map<Resource, Pressure> seen = Map.of();
    private volatile @Nullable Shortage shortage;
    private volatile @Nullable Mono<Map<Resource, Pressure>> underWay;
    private volatile Runnable eased = () -> {};
    /** Only whoever judges uses these, and one look is judged at a time. */
    private PressureConfig judgedBy;
    private Gates gates;

    /**
     * Registers the gauges; looks at nothing before {@link #begin}.
     *
     * @param root where {@code proc} and {@code sys} are; {@code /} on a real host
     * @param folders whose file systems count
     * @param files where files are read; one of its threads at most
     * @param timer where the interval and the patience run
     * @param nanos the monotonic clock
     * @param every from one look to the next
     */
    public HostPressure(PressureConfig config, Path root, List<Path> folders, Meters meters, Scheduler files,
            Scheduler timer, LongSupplier nanos, Duration every) {
        this(config, new HostReader(new HostTree(root), folders, FileSystems.ofHost())::look, meters, files, timer,
                nanos, every);
    }

    HostPressure(PressureConfig config, Supplier<Map<Resource, Pressure>> host, Meters meters, Scheduler files,
            Scheduler timer, LongSupplier nanos, Duration every) {
        this.config = config;
        this.judgedBy = config;
        this.gates = new Gates(config);
        this.host = host;
        this.files = files;
        this.timer = timer;
        this.nanos = nanos;
        this.every = every;
        for (Resource resource : Resource.values()) {
            meters.stateGauge(FleetMeters.HOST_PRESSURE, resource.label(), () -> ratio(resource));
        }
    }

    /**
     * Completes after the first look, never with an error; from then on it looks at the interval, until {@link #close}.
     * Cancelling before the first look is over starts nothing but that look.
     *
     * @param whenEased called each time the host may take jobs again, on a thread of {@code files}; must be quick
     */
    public Mono<Void> begin(Runnable whenEased) {
        return Mono.fromRunnable(() -> eased = whenEased).then(look()).doOnNext(this::judge)
                .doOnNext(first -> looking.update(Flux.interval(every, timer).onBackpressureDrop()
                        .concatMap(tick -> look(), 0).subscribe(this::judge,
                                this::ended)))
                .then();
    }

    /** Why the host takes no job, or null. Any thread; reads a field. */
    public @Nullable Shortage shortage() {
        return shortage;
    }

    /** Takes other limits from the next look on. */
    public void limits(PressureConfig next) {
        config = next;
    }

    /** Looks no more; what was seen last stays. Safe to repeat. */
    public void close() {
        looking.dispose();
    }

    private double ratio(Resource resource) {
        Pressure reading = seen.get(resource);
        return reading == null ? Double.NaN : reading.ratio();
    }

    /** One look, or what is known of a host that does not answer. */
    private Mono<Map<Resource, Pressure>> look() {
        return Mono.defer(this::one).timeout(PATIENCE, timer)
                .onErrorResume(failure -> Mono.just(unknown("no look at the host: " + failure)));
    }

    /**
     * The look that is under way, or a new one. One that hangs is waited for again, so that it takes one thread and no more;
     * and it is not cancelled ({@code cache}), since the scheduler would give its stuck thread to somebody else.
     */
    private Mono<Map<Resource, Pressure>> one() {
        Mono<Map<Resource, Pressure>> now = underWay;
        if (now == null) {
            now = Mono.fromSupplier(host).subscribeOn(files).doOnTerminate(() -> underWay = null).cache();
            underWay = now;
        }
        return now;
    }

    private static Map<Resource, Pressure> unknown(String why) {
        Map<Resource, Pressure> readings = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            readings.put(resource, new Pressure.Unknown(why));
        }
        return readings;
    }

    private void judge(Map<Resource, Pressure> readings) {
        seen = readings;
        PressureConfig wanted = config;
        if (!wanted.equals(judgedBy)) {
            gates = new Gates(wanted).goingOnFrom(gates);
            judgedBy = wanted;
        }
        readings.forEach(this::tellUnknown);
        Shortage before = shortage;
        Shortage now = gates.shortage(readings, nanos.getAsLong());
        shortage = now;
        if (now != null && (before == null || before.resource() != now.resource())) {
            LOG.warn("takes no new jobs: {}", now.words());
        } else if (now == null && before != null) {
            LOG.info("takes jobs again, it refused them for: {}", before.resource().label());
            eased.run();
        }
    }

    /** A mistake of ours or of a listener: better no limits than a fleet that waits for a look that never comes. */
    private void ended(Throwable failure) {
        LOG.error("no longer looks at the host, slots.refuseWhen refuses nothing", failure);
        seen = Map.of();
        shortage = null;
    }

    /** Once for each resource: it would be said again at every look. */
    private void tellUnknown(Resource resource, Pressure reading) {
        if (!(reading instanceof Pressure.Unknown unknown) || !told.add(resource)) {
            return;
        }
        if (gates.limit(resource)) {
            LOG.warn("can't be read, its limit in slots.refuseWhen refuses nothing: resource={} {}", resource.label(),
                    unknown.why());
        } else {
            LOG.info("can't be read on this host: resource={} {}", resource.label(), unknown.why());
        }
    }
}
