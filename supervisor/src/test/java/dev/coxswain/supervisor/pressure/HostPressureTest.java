package dev.coxswain.supervisor.pressure;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** The looks, in virtual time. */
class HostPressureTest {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final PressureConfig NINETY = limits(OptionalDouble.of(0.9), OptionalLong.empty());

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<Resource, Pressure> host = new EnumMap<>(Resource.class);
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger eased = new AtomicInteger();

    HostPressureTest() {
        for (Resource resource : Resource.values()) {
            host.put(resource, new Pressure.Used(0.5));
        }
    }

    @AfterEach
    void end() {
        time.dispose();
    }

    private static PressureConfig limits(OptionalDouble memoryAbove, OptionalLong diskFreeBelow) {
        return new PressureConfig(memoryAbove, diskFreeBelow, OptionalDouble.empty(), OptionalDouble.empty(),
                OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    private HostPressure pressure(PressureConfig config) {
        return pressure(config, () -> {
            looks.incrementAndGet();
            return new EnumMap<>(host);
        }, time);
    }

    private HostPressure pressure(PressureConfig config, Supplier<Map<Resource, Pressure>> look, Scheduler files) {
        return new HostPressure(config, look, new Meters(registry), files, time,
                () -> time.now(TimeUnit.NANOSECONDS), EVERY);
    }

    private void begin(HostPressure pressure) {
        begin(pressure, eased::incrementAndGet);
    }

    private void begin(HostPressure pressure, Runnable whenEased) {
        AtomicBoolean begun = new AtomicBoolean();
        pressure.begin(whenEased).subscribe(nothing -> {}, failure -> {
            throw new AssertionError(failure);
        }, () -> begun.set(true));
        time.advanceTime();
        assertThat(begun).isTrue();
    }

    private double gauge(Resource resource) {
        return registry.get("coxswain_host_pressure_ratio").tag("resource", resource.label()).gauge().value();
    }

    @Test
    void theGaugesTellWithoutAnyLimitAndAreUnknownBeforeTheFirstLook() {
        HostPressure pressure = pressure(PressureConfig.NONE);
        assertThat(FleetMeters.Closed.RESOURCE.allowed()).allSatisfy(label -> assertThat(
                gauge(Resource.valueOf(label.toUpperCase(Locale.ROOT)))).isNaN()).hasSize(
                        Resource.values().length);
        host.put(Resource.MEMORY, new Pressure.Used(1));
        host.put(Resource.DISK, new Pressure.Space(0.25, 7));
        host.put(Resource.IO, new Pressure.Unknown("no PSI"));

        begin(pressure);

        assertThat(gauge(Resource.MEMORY)).isEqualTo(1);
        assertThat(gauge(Resource.DISK)).isEqualTo(0.25);
        assertThat(gauge(Resource.IO)).isNaN();
        assertThat(pressure.shortage()).isNull();
        pressure.close();
    }

    @Test
    void aFullHostRefusesFromTheFirstLookOnAndTellsOnceWhenItEases() {
        HostPressure pressure = pressure(NINETY);
        host.put(Resource.MEMORY, new Pressure.Used(0.93));
        begin(pressure);
        assertThat(pressure.shortage())
                .isEqualTo(new Shortage(Resource.MEMORY, "host memory 93 % used, above 90 %"));

        host.put(Resource.MEMORY, new Pressure.Used(0.4));
        time.advanceTimeBy(Gate.HOLD);
        assertThat(pressure.shortage())
                .isEqualTo(new Shortage(Resource.MEMORY, "host memory 40 % used, was above 90 % a moment ago"));
        assertThat(eased).hasValue(0);

        time.advanceTimeBy(EVERY);
        assertThat(pressure.shortage()).isNull();
        assertThat(eased).hasValue(1);
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(eased).hasValue(1);
        pressure.close();
    }

    @Test
    void whatCanNotBeReadRefusesNothing() {
        HostPressure pressure = pressure(limits(OptionalDouble.of(0.9), OptionalLong.of(1000)));
        host.put(Resource.MEMORY, new Pressure.Unknown("no /proc"));
        host.remove(Resource.DISK);

        begin(pressure);

        assertThat(pressure.shortage()).isNull();
        pressure.close();
    }

    @Test
    void otherLimitsHoldFromTheNextLookAndTheSameGoOn() {
        HostPressure pressure = pressure(NINETY);
        host.put(Resource.MEMORY, new Pressure.Used(0.95));
        host.put(Resource.DISK, new Pressure.Space(0.9, 10));
        begin(pressure);
        host.put(Resource.MEMORY, new Pressure.Used(0.5));

        pressure.limits(limits(OptionalDouble.of(0.9), OptionalLong.of(20)));
        time.advanceTimeBy(EVERY);
        assertThat(pressure.shortage()).isNotNull().extracting(Shortage::resource).isEqualTo(Resource.MEMORY);
        time.advanceTimeBy(Gate.HOLD);
        assertThat(pressure.shortage()).isNotNull().extracting(Shortage::resource).isEqualTo(Resource.DISK);
        assertThat(eased).hasValue(0);

        pressure.limits(PressureConfig.NONE);
        time.advanceTimeBy(EVERY);
        assertThat(pressure.shortage()).isNull();
        assertThat(eased).hasValue(1);
        pressure.close();
    }

    @Test
    void aClosedOneLooksNoMore() {
        HostPressure pressure = pressure(NINETY);
        begin(pressure);
        time.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(looks).hasValue(4);

        pressure.close();
        pressure.close();
        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(looks).hasValue(4);
    }

    @Test
    void aCancelledBeginningLooksOnceAtMost() {
        Deque<Runnable> waiting = new ArrayDeque<>();
        HostPressure pressure = pressure(NINETY, () -> {
            looks.incrementAndGet();
            return new EnumMap<>(host);
        }, Schedulers.fromExecutor(waiting::add));

        pressure.begin(eased::incrementAndGet).subscribe(nothing -> {}, failure -> {
            throw new AssertionError(failure);
        }).dispose();
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
        time.advanceTimeBy(Duration.ofSeconds(30));

        assertThat(looks).hasValueLessThanOrEqualTo(1);
        assertThat(waiting).isEmpty();
        pressure.close();
    }

    @Test
    void aListenerThatFailsLeavesAHostWithoutLimits() {
        HostPressure pressure = pressure(NINETY);
        host.put(Resource.MEMORY, new Pressure.Used(1));
        begin(pressure, () -> {
            throw new IllegalStateException("a listener's mistake");
        });
        host.put(Resource.MEMORY, new Pressure.Used(0));
        time.advanceTimeBy(Gate.HOLD.plus(EVERY));
        host.put(Resource.MEMORY, new Pressure.Used(1));
        time.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(pressure.shortage()).isNull();
        assertThat(gauge(Resource.MEMORY)).isNaN();
    }

    /** A file system that hangs, as one over the network may: on real threads, since a hanging call can't be virtual. */
    @Test
    void aHostThatHangsTakesOneThreadAndRefusesNothing() throws InterruptedException {
        Scheduler files = Schedulers.newBoundedElastic(2, 10, "press-files");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch hang = new CountDownLatch(1);
        HostPressure pressure = pressure(NINETY, () -> {
            looks.incrementAndGet();
            inside.countDown();
            boolean over = false;
            while (!over) {
                try {
                    hang.await();
                    over = true;
                } catch (InterruptedException notHeard) {
                    // as a call into a kernel that waits for its server
                }
            }
            return new EnumMap<>(host);
        }, files);
        CountDownLatch begun = new CountDownLatch(1);
        pressure.begin(eased::incrementAndGet).subscribe(nothing -> {}, failure -> {
            throw new AssertionError(failure);
        }, begun::countDown);
        inside.await();

        time.advanceTimeBy(HostPressure.PATIENCE);
        begun.await();
        assertThat(pressure.shortage()).isNull();
        assertThat(gauge(Resource.MEMORY)).isNaN();
        time.advanceTimeBy(EVERY.plus(HostPressure.PATIENCE).plus(EVERY));
        CountDownLatch served = new CountDownLatch(1);
        Scheduler.Worker other = files.createWorker();
        other.schedule(served::countDown);
        served.await();
        assertThat(looks).hasValue(1);
        hang.countDown();
        pressure.close();
        files.dispose();
    }
}
