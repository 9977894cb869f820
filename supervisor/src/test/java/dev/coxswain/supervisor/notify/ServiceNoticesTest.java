package dev.coxswain.supervisor.notify;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** When the service manager is told what, in virtual time. */
class ServiceNoticesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final AtomicBoolean hangs = new AtomicBoolean();
    private final List<Runnable> held = new ArrayList<>();
    /** Runs everything at once, unless it hangs. */
    private final Scheduler fleet = Schedulers.fromExecutor(task -> {
        if (hangs.get()) {
            held.add(task);
        } else {
            task.run();
        }
    });
    private final VirtualTimeScheduler own = VirtualTimeScheduler.create();
    private final List<String> heard = new ArrayList<>();
    private final AtomicBoolean live = new AtomicBoolean(true);
    private final Sinks.Empty<Void> draining = Sinks.empty();

    @AfterEach
    void end() {
        fleet.dispose();
        own.dispose();
    }

    @Test
    void itIsReadyOnceThenGivesSignsOfLifeThreeTimesInTheLimit() {
        begin(LIMIT);
        pass(LIMIT);

        assertThat(heard).startsWith("READY=1");
        assertThat(heard).containsExactly("READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1");
    }

    @Test
    void withoutAWatchdogItOnlySaysWhatHappens() {
        begin(null);
        pass(Duration.ofHours(1));
        draining.tryEmitEmpty();
        pass(Duration.ofSeconds(1));

        assertThat(heard).containsExactly("READY=1", "STOPPING=1");
    }

    @Test
    void aDrainIsToldAndTheSignsOfLifeGoOn() {
        begin(LIMIT);
        pass(Duration.ofSeconds(1));
        draining.tryEmitEmpty();
        pass(LIMIT);

        assertThat(heard.subList(2, heard.size())).containsExactly("STOPPING=1", "WATCHDOG=1", "WATCHDOG=1",
                "WATCHDOG=1");
    }

    @Test
    void aFleetThatIsOverGivesNoSign() {
        begin(LIMIT);
        pass(Duration.ofSeconds(1));
        live.set(false);
        pass(Duration.ofMinutes(10));

        assertThat(heard).containsExactly("READY=1", "WATCHDOG=1");
    }

    @Test
    void aFleetWhoseTimersHangGivesNoSignUntilTheyGoOn() {
        begin(LIMIT);
        pass(Duration.ofSeconds(1));
        hangs.set(true);
        pass(Duration.ofMinutes(10));
        assertThat(heard).containsExactly("READY=1", "WATCHDOG=1");
        hangs.set(false);
        held.forEach(Runnable::run);
        pass(LIMIT);

        assertThat(heard).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void aReloadIsToldBeforeAndAfter() {
        notices(null).reloading(5_000_000, () -> heard.add("reload"));

        assertThat(heard).containsExactly("RELOADING=1", "reload", "READY=1");
    }

    @Test
    void afterTheEndNothingIsSaid() {
        ServiceNotices notices = begin(LIMIT);
        pass(Duration.ofSeconds(1));
        heard.clear();
        notices.close();

        assertThat(heard).isEmpty();
        assertThat(own.isDisposed()).isTrue();
    }

    @Test
    void aManagerThatCantBeToldStopsNothing() {
        ServiceNotices notices = new ServiceNotices(message -> {
            heard.add(message);
            throw new IOException("gone");
        }, LIMIT, fleet, own);
        notices.begin(live::get, Mono.never());
        pass(LIMIT);

        assertThat(heard).hasSizeGreaterThan(3);
    }

    @Test
    void theLimitIsTheEnvironmentsAndOnlyForThisProcess() {
        assertThat(ServiceNotices.limit(Map.of("WATCHDOG_USEC", "60000000"), 7)).contains(LIMIT);
        assertThat(ServiceNotices.limit(Map.of("WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "7"), 7)).contains(LIMIT);
        assertThat(ServiceNotices.limit(Map.of("WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "8"), 7)).isEmpty();
        assertThat(ServiceNotices.limit(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
        assertThat(ServiceNotices.limit(Map.of(), 7)).isEmpty();
    }

    @Test
    void withoutASocketNobodyIsTold() {
        try (ServiceNotices notices = ServiceNotices.of(Map.of("NOTIFY_SOCKET", "vsock:2:1"), 7)) {
            notices.begin(live::get, draining.asMono());
            notices.reloading(1, () -> heard.add("reload"));
        }
        assertThat(heard).containsExactly("reload");
    }

    private ServiceNotices begin(@Nullable Duration limit) {
        ServiceNotices notices = notices(limit);
        notices.begin(live::get, draining.asMono());
        return notices;
    }

    private ServiceNotices notices(@Nullable Duration limit) {
        return new ServiceNotices(message -> heard.add(message.lines().findFirst().orElse("")), limit, fleet, own);
    }

    private void pass(Duration time) {
        own.advanceTimeBy(time);
    }
}
