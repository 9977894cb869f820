package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.fleet.FleetControl.FleetEvent;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class FleetEventsTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FleetEvents events = new FleetEvents(FleetClock.of(time), time);
    private final List<String> heard = new ArrayList<>();

    private void emit(int from, int to) {
        IntStream.range(from, to).forEach(n -> events.emit("job_leased", "plane", "pool", "runner", "k", "m" + n));
        time.advanceTime();
    }

    @Test
    void nobodyListensAndNothingIsKept() {
        emit(0, 10);
        Disposable reader = events.events().subscribe(event -> heard.add(event.message()), failure -> {});
        emit(10, 11);

        assertThat(heard).containsExactly("m10");
        reader.dispose();
        assertThat(events.readers()).isZero();
    }

    @Test
    void everyReaderHearsEverythingInOrder() {
        List<String> second = new ArrayList<>();
        Disposable first = events.events().subscribe(event -> heard.add(event.message()), failure -> {});
        Disposable other = events.events().subscribe(event -> second.add(event.message()), failure -> {});
        for (int n = 0; n < 1_000; n += 100) {
            emit(n, n + 100);
        }

        assertThat(heard).hasSize(1_000).startsWith("m0", "m1").endsWith("m999").isEqualTo(second);
        first.dispose();
        emit(1_000, 1_001);
        assertThat(heard).hasSize(1_000);
        assertThat(second).hasSize(1_001);
        other.dispose();
        assertThat(events.readers()).isZero();
    }

    @Test
    void aSlowReaderMissesEventsIsToldHowManyAndDelaysNobody() {
        Slow slow = new Slow();
        events.events().subscribe(slow);
        List<String> fast = new ArrayList<>();
        Disposable other = events.events().subscribe(event -> fast.add(event.message()), failure -> {});
        for (int n = 0; n < 300; n += 100) {
            emit(n, n + 100);
        }
        assertThat(fast).hasSize(300);
        assertThat(heard).isEmpty();

        slow.request(Long.MAX_VALUE);
        time.advanceTime();
        emit(300, 301);

        int kept = FleetEvents.QUEUE;
        assertThat(heard).hasSize(kept + 2).startsWith("m0", "m1").contains("m" + (kept - 1)).doesNotContain("m" + kept)
                .endsWith((300 - kept) + " events did not fit into the queue of this reader", "m300");
        assertThat(slow.types).containsExactly("job_leased", "missed");
        slow.dispose();
        other.dispose();
        assertThat(events.readers()).isZero();
    }

    @Test
    void theFleetTellsOfLeasesEndsAndOfADrainOnce() {
        FleetBench bench = new FleetBench(3);
        ScriptedPlane plane = bench.plane("plane");
        plane.answer = runner -> Mono.just(plane.job("fail 1000"));
        Fleet fleet = bench.pool("pool", plane, 1).build(1);
        List<FleetEvent> told = new ArrayList<>();
        Disposable reader = fleet.events().subscribe(told::add, failure -> {});
        fleet.start().subscribe(none -> {}, failure -> {});
        bench.pass(Duration.ofSeconds(30));
        fleet.drain();
        fleet.drain();
        bench.pass(Duration.ofSeconds(30));

        assertThat(told.stream().filter(event -> event.type().equals("draining"))).hasSize(1);
        assertThat(told).hasSizeGreaterThan(2);
        assertThat(told.get(0)).satisfies(event -> {
            assertThat(event.type()).isEqualTo("job_leased");
            assertThat(event.controlPlane()).isEqualTo("plane");
            assertThat(event.pool()).isEqualTo("pool");
            assertThat(event.runner()).isEqualTo("pool-1");
        });
        assertThat(told.get(1).type()).isEqualTo("job_ended");
        assertThat(told.get(1).message()).isEqualTo("failure: it did not work");
        assertThat(told.get(1).job()).isEqualTo(told.get(0).job());
        reader.dispose();
    }

    /** Takes nothing until it is asked to. */
    private final class Slow extends BaseSubscriber<FleetEvent> {
        private final List<String> types = new ArrayList<>();

        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
            // nothing is asked for yet
        }

        @Override
        protected void hookOnNext(FleetEvent event) {
            heard.add(event.message());
            if (!types.contains(event.type())) {
                types.add(event.type());
            }
        }
    }
}
