package dev.coxswain.supervisor.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;

/**
 * The only way to make a meter: checks kind and labels against {@link FleetMeters}, and makes every value of a closed
 * label exist at 0. Rooms ask once, at construction, and keep what they get.
 */
public final class Meters {
    private static final Duration[] BUCKETS = {Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(10),
            Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
            Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5),
            Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(5),
            Duration.ofMinutes(30), Duration.ofHours(1)};

    private final MeterRegistry registry;

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A counter without a closed label. */
    public Counter counter(FleetMeters meter, String... labelValues) {
        expect(meter, FleetMeters.Kind.COUNTER, false);
        return Counter.builder(meter.fullName()).description(meter.help()).tags(tags(meter, labelValues))
                .register(registry);
    }

    /** One counter for each value of the meter's closed label, all at 0. */
    public Family<Counter> counters(FleetMeters meter, String... labelValues) {
        FleetMeters.Closed closed = expect(meter, FleetMeters.Kind.COUNTER, true);
        Map<String, Counter> members = new HashMap<>();
        for (String value : closed.allowed()) {
            members.put(value, Counter.builder(meter.fullName()).description(meter.help())
                    .tags(tags(meter, labelValues)).tag(closed.label(), value).register(registry));
        }
        return new Family<>(meter, members);
    }

    /** A timer without a closed label. */
    public Timer timer(FleetMeters meter, String... labelValues) {
        expect(meter, FleetMeters.Kind.TIMER, false);
        return timer(meter, tags(meter, labelValues));
    }

    /** One timer for each value of the meter's closed label. */
    public Family<Timer> timers(FleetMeters meter, String... labelValues) {
        FleetMeters.Closed closed = expect(meter, FleetMeters.Kind.TIMER, true);
        Map<String, Timer> members = new HashMap<>();
        for (String value : closed.allowed()) {
            List<Tag> tags = tags(meter, labelValues);
            tags.add(Tag.of(closed.label(), value));
            members.put(value, timer(meter, tags));
        }
        return new Family<>(meter, members);
    }

    /** A gauge that asks {@code value} when it is read; the caller's object is held. */
    public void gauge(FleetMeters meter, Supplier<Number> value, String... labelValues) {
        expect(meter, FleetMeters.Kind.GAUGE, false);
        Gauge.builder(meter.fullName(), value).description(meter.help()).tags(tags(meter, labelValues))
                .strongReference(true).register(registry);
    }

    /** A gauge for one value of the meter's closed label; the caller registers every value. */
    public void stateGauge(FleetMeters meter, String closedValue, Supplier<Number> value, String... labelValues) {
        FleetMeters.Closed closed = expect(meter, FleetMeters.Kind.GAUGE, true);
        if (!closed.allowed().contains(closedValue)) {
            throw new IllegalArgumentException(meter + " has no value " + closedValue);
        }
        Gauge.builder(meter.fullName(), value).description(meter.help()).tags(tags(meter, labelValues))
                .tag(closed.label(), closedValue).strongReference(true).register(registry);
    }

    private Timer timer(FleetMeters meter, List<Tag> tags) {
        return Timer.builder(meter.fullName()).description(meter.help()).tags(tags).serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private static FleetMeters.Closed expect(FleetMeters meter, FleetMeters.Kind kind, boolean closed) {
        if (meter.kind() != kind) {
            throw new IllegalArgumentException(meter + " is no " + kind);
        }
        FleetMeters.Closed label = meter.closed();
        if (closed != (label != null)) {
            throw new IllegalArgumentException(meter + (closed ? " has no closed label" : " has a closed label"));
        }
        return label == null ? FleetMeters.Closed.STAGE : label;
    }

    private static List<Tag> tags(FleetMeters meter, String... values) {
        if (meter.labels().size() != values.length) {
            throw new IllegalArgumentException(meter + " has the labels " + meter.labels());
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(meter.labels().get(i), values[i]));
        }
        return tags;
    }

    /**
     * The meters of one closed label.
     *
     * @param meter what they are
     * @param members by the label's value
     */
    public record Family<M>(FleetMeters meter, Map<String, M> members) {
        /** The member of this value; asking for a value that the enum lacks is a bug. */
        public M of(String value) {
            M member = members.get(value);
            if (member == null) {
                throw new IllegalArgumentException(meter + " has no value " + value);
            }
            return member;
        }
    }
}
