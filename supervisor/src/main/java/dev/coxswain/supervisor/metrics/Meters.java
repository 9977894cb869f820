package dev.coxswain.supervisor.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The only way to make a meter: checks kind and labels against {@link FleetMeters}, and makes every value of a closed
 * label exist at 0. Rooms ask once, at construction, and keep what they get.
 */
public final class Meters {
    private final MeterRegistry registry;

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A counter without a closed label. */
    public Counter counter(FleetMeters meter, String... labelValues) {
        plain(meter, FleetMeters.Kind.COUNTER);
        return Counter.builder(meter.fullName()).description(meter.help()).tags(tags(meter, labelValues))
                .register(registry);
    }

    /** One counter for each value of the meter's closed label, all at 0. */
    public Family<Counter> counters(FleetMeters meter, String... labelValues) {
        FleetMeters.Closed closed = closed(meter, FleetMeters.Kind.COUNTER);
        Map<String, Counter> members = new HashMap<>();
        for (String value : closed.allowed()) {
            members.put(value, Counter.builder(meter.fullName()).description(meter.help())
                    .tags(tags(meter, labelValues)).tag(closed.label(), value).register(registry));
        }
        return new Family<>(meter, members);
    }

    /** A timer without a closed label. */
    public Timer timer(FleetMeters meter, String... labelValues) {
        plain(meter, FleetMeters.Kind.TIMER);
        return timer(meter, tags(meter, labelValues));
    }

    /** One timer for each value of the meter's closed label. */
    public Family<Timer> timers(FleetMeters meter, String... labelValues) {
        FleetMeters.Closed closed = closed(meter, FleetMeters.Kind.TIMER);
        Map<String, Timer> members = new HashMap<>();
        for (String value : closed.allowed()) {
            List<Tag> tags = tags(meter, labelValues);
            tags.add(Tag.of(closed.label(), value));
            members.put(value, timer(meter, tags));
        }
        return new Family<>(meter, members);
    }

    /**
     * A gauge that asks {@code value} when it is read; the caller's object is held. Asked for again with the same labels
     * (after a reload), the new one takes the place of the old.
     */
    public void gauge(FleetMeters meter, Supplier<Number> value, String... labelValues) {
        plain(meter, FleetMeters.Kind.GAUGE);
        gauge(meter, value, tags(meter, labelValues));
    }

    /** A gauge for one value of the meter's closed label; the caller registers every value. */
    public void stateGauge(FleetMeters meter, String closedValue, Supplier<Number> value, String... labelValues) {
        FleetMeters.Closed closed = closed(meter, FleetMeters.Kind.GAUGE);
        if (!closed.allowed().contains(closedValue)) {
            throw new IllegalArgumentException(meter + " has no value " + closedValue);
        }
        List<Tag> tags = tags(meter, labelValues);
        tags.add(Tag.of(closed.label(), closedValue));
        gauge(meter, value, tags);
    }

    private void gauge(FleetMeters meter, Supplier<Number> value, List<Tag> tags) {
        // the registry would silently keep the first gauge of this name and these labels, and what it holds
        registry.remove(new Meter.Id(meter.fullName(), Tags.of(tags), null, null, Meter.Type.GAUGE));
        Gauge.builder(meter.fullName(), value).description(meter.help()).tags(tags).strongReference(true)
                .register(registry);
    }

    private Timer timer(FleetMeters meter, List<Tag> tags) {
        return Timer.builder(meter.fullName()).description(meter.help()).tags(tags)
                .serviceLevelObjectives(meter.buckets().borders())
                .register(registry);
    }

    private static void plain(FleetMeters meter, FleetMeters.Kind kind) {
        expect(meter, kind);
        if (meter.closed() != null) {
            throw new IllegalArgumentException(meter + " has a closed label");
        }
    }

    private static FleetMeters.Closed closed(FleetMeters meter, FleetMeters.Kind kind) {
        expect(meter, kind);
        FleetMeters.Closed closed = meter.closed();
        if (closed == null) {
            throw new IllegalArgumentException(meter + " has no closed label");
        }
        return closed;
    }

    private static void expect(FleetMeters meter, FleetMeters.Kind kind) {
        if (meter.kind() != kind) {
            throw new IllegalArgumentException(meter + " is no " + kind);
        }
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
