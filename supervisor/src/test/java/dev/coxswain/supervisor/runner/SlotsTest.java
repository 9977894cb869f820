package dev.coxswain.supervisor.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SlotsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private Slots slots(int total, Slots.PoolShare... shares) {
        return new Slots(new SlotsConfig(total), List.of(shares), new Meters(registry));
    }

    private static Slots.PoolShare share(String pool, int least, int most) {
        return new Slots.PoolShare(pool, OptionalInt.of(least), OptionalInt.of(most));
    }

    /** Any order of reservations and releases: never too many, what is kept is kept, and all come back. */
    @Property(tries = 200)
    void theBoundsHoldAndEveryPermitComesBack(@ForAll long seed) {
        Random random = new Random(seed);
        int total = 1 + random.nextInt(8);
        int least = random.nextInt(total + 1);
        int most = Math.max(1, least + random.nextInt(3));
        Slots slots = slots(total, share("a", least, most), share("b", total - least, total),
                new Slots.PoolShare("c", OptionalInt.empty(), OptionalInt.empty()));
        List<Slots.Slot> held = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String pool = List.of("a", "b", "c").get(random.nextInt(3));
            if (random.nextBoolean() && slots.reserve(pool) instanceof Slots.Slot slot) {
                held.add(slot);
            } else if (!held.isEmpty()) {
                Slots.Slot slot = held.remove(random.nextInt(held.size()));
                slot.release();
                slot.release();
            }
            assertThat(slots.used()).isEqualTo(held.size()).isLessThanOrEqualTo(total);
            assertThat(slots.used("a") + slots.used("b") + slots.used("c")).isEqualTo(slots.used());
            assertThat(slots.used("a")).isLessThanOrEqualTo(most);
            if (slots.used("a") < least) {
                Slots.Slot own = (Slots.Slot) slots.reserve("a");
                own.release();
            }
            if (slots.used("b") < total - least) {
                ((Slots.Slot) slots.reserve("b")).release();
            }
        }
        held.forEach(Slots.Slot::release);
        assertThat(slots.used()).isZero();
    }

    /** Slots and pools come and go while jobs run: nothing is counted twice or lost, and all come back. */
    @Property(tries = 200)
    void aReshapeAtAnyMomentLosesNoPermitAndDeniesUntilThereIsRoom(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> names = List.of("a", "b", "c", "d");
        int total = 1 + random.nextInt(8);
        Slots slots = slots(total, names.stream().map(name -> share(name, 0, 8)).toArray(Slots.PoolShare[]::new));
        List<Slots.Slot> held = new ArrayList<>();
        List<String> there = names;
        for (int i = 0; i < 200; i++) {
            int before = held.size();
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    String pool = names.get(random.nextInt(4));
                    if (slots.reserve(pool) instanceof Slots.Slot slot) {
                        held.add(slot);
                        assertThat(there).contains(pool);
                        assertThat(before).isLessThan(total);
                    }
                }
                case 2 -> {
                    total = 1 + random.nextInt(8);
                    there = names.stream().filter(name -> random.nextInt(3) > 0).toList();
                    int least = there.isEmpty() ? 0 : random.nextInt(total / there.size() + 1);
                    slots.reshape(new SlotsConfig(total),
                            there.stream().map(name -> share(name, least, Math.max(1, least + 2))).toList());
                }
                default -> {
                    if (!held.isEmpty()) {
                        held.remove(random.nextInt(held.size())).release();
                    }
                }
            }
            assertThat(slots.total()).isEqualTo(total);
            assertThat(slots.used()).isEqualTo(held.size());
            assertThat(names.stream().mapToInt(slots::used)).allMatch(used -> used >= 0);
        }
        held.forEach(Slots.Slot::release);
        assertThat(slots.used()).isZero();
        slots.reshape(new SlotsConfig(3), List.of(share("a", 3, 3), share("b", 0, 3)));
        assertThat(slots.reserve("b")).isEqualTo(new Slots.Denied(Slots.Denial.TOTAL));
        for (int i = 0; i < 3; i++) {
            assertThat(slots.reserve("a")).isInstanceOf(Slots.Slot.class);
        }
    }

    @Test
    void aReshapeTellsTheListenersAndThePoolsThatAreGoneShowNothing() {
        Slots slots = slots(2, share("a", 0, 2));
        List<String> heard = new ArrayList<>();
        slots.onFreed(() -> heard.add("x"));
        slots.onFreed(() -> heard.add("never")).dispose();
        slots.reserve("a");
        slots.reshape(new SlotsConfig(5), List.of(share("new", 0, 4)));

        assertThat(heard).containsExactly("x");
        assertThat(slots.reserve("a")).isEqualTo(new Slots.Denied(Slots.Denial.POOL));
        assertThat(registry.get("coxswain_slots").tag("pool", "a").gauge().value()).isZero();
        assertThat(registry.get("coxswain_slots_used").tag("pool", "a").gauge().value()).isEqualTo(1);
        assertThat(registry.get("coxswain_slots").tag("pool", "new").gauge().value()).isEqualTo(4);
    }

    @Test
    void aDenialSaysWhyAndIsCounted() {
        Slots slots = slots(2, share("a", 0, 1), share("b", 0, 2));
        slots.reserve("a");

        assertThat(slots.reserve("a")).isEqualTo(new Slots.Denied(Slots.Denial.POOL));
        slots.reserve("b");
        assertThat(slots.reserve("b")).isEqualTo(new Slots.Denied(Slots.Denial.TOTAL));

        assertThat(registry.get("coxswain_slot_denied_total").tags("pool", "a", "reason", "pool").counter().count())
                .isEqualTo(1);
        assertThat(registry.get("coxswain_slot_denied_total").tags("pool", "b", "reason", "total").counter().count())
                .isEqualTo(1);
        assertThat(registry.get("coxswain_slots_used").tag("pool", "b").gauge().value()).isEqualTo(1);
        assertThat(registry.get("coxswain_slots").tag("pool", "a").gauge().value()).isEqualTo(1);
    }

    @Test
    void aHostUnderPressureDeniesWithItsReasonAndOnlyWhatTheNumbersAllow() {
        AtomicReference<Admission.@Nullable Refusal> pressure = new AtomicReference<>();
        Slots slots = new Slots(new SlotsConfig(3), List.of(share("a", 1, 1), share("b", 0, 3)), new Meters(registry),
                pressure::get);
        List<String> heard = new ArrayList<>();
        slots.onFreed(() -> heard.add("freed"));
        Slots.Slot held = (Slots.Slot) slots.reserve("a");
        for (Slots.Denial denial : Slots.Denial.values()) {
            pressure.set(new Admission.Refusal(denial, "short of " + denial));

            assertThat(slots.reserve("a")).isEqualTo(new Slots.Denied(Slots.Denial.POOL));
            assertThat(slots.reserve("b")).isEqualTo(new Slots.Denied(denial));
            assertThat(slots.whyDenied("b")).isEqualTo("short of " + denial);
            assertThat(registry.get("coxswain_slot_denied_total").tags("pool", "b", "reason", denial.label()).counter()
                    .count()).isEqualTo(1);
        }
        assertThat(slots.used()).isEqualTo(1);
        pressure.set(null);
        slots.admittedAgain();

        assertThat(heard).containsExactly("freed");
        assertThat(slots.reserve("b")).isInstanceOf(Slots.Slot.class);
        held.release();
    }

    @Test
    void whyThereIsNoSlotIsSaidInWordsAndNotCounted() {
        Slots slots = slots(4, share("a", 0, 2), share("b", 0, 4), share("c", 0, 1), share("d", 1, 4));
        assertThat(slots.whyDenied("a")).isNull();
        slots.reserve("c");
        assertThat(slots.whyDenied("c")).isEqualTo("the pool has its 1 slot");
        slots.reserve("a");
        slots.reserve("a");
        assertThat(slots.whyDenied("a")).isEqualTo("the pool has its 2 slots");
        assertThat(slots.whyDenied("b")).isEqualTo("the free slots of the host are kept for other pools");
        slots.reserve("d");
        assertThat(slots.whyDenied("b")).isEqualTo("all 4 slots of the host are taken");
        assertThat(slots.whyDenied("d")).isEqualTo("all 4 slots of the host are taken");

        assertThat(registry.get("coxswain_slot_denied_total").counters()).isNotEmpty()
                .allSatisfy(counter -> assertThat(counter.count()).isZero());
        assertThat(slots.whyDenied("nobody")).isEqualTo("the pool is no longer configured");
    }

    @Test
    void anUnknownPoolIsAMistake() {
        assertThatThrownBy(() -> slots(1).reserve("nobody")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void listenersHearOfEveryReleaseOnceAndTakeTurnsInBeingFirst() {
        Slots slots = slots(1, share("a", 0, 1));
        List<String> heard = new ArrayList<>();
        slots.onFreed(() -> heard.add("x"));
        slots.onFreed(() -> heard.add("y"));
        for (int i = 0; i < 2; i++) {
            Slots.Slot slot = (Slots.Slot) slots.reserve("a");
            slot.release();
            slot.release();
        }
        assertThat(heard).containsExactly("x", "y", "y", "x");
    }

    @Test
    void manyThreadsNeverHoldMoreThanThereAre() throws InterruptedException {
        Slots slots = slots(3, share("a", 1, 3), share("b", 0, 3));
        AtomicInteger held = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        for (int t = 0; t < 4; t++) {
            String pool = t % 2 == 0 ? "a" : "b";
            new Thread(() -> {
                for (int i = 0; i < 5_000; i++) {
                    if (slots.reserve(pool) instanceof Slots.Slot slot) {
                        most.accumulateAndGet(held.incrementAndGet(), Math::max);
                        held.decrementAndGet();
                        slot.release();
                    }
                }
                done.countDown();
            }).start();
        }
        done.await();
        assertThat(most.get()).isBetween(1, 3);
        assertThat(slots.used()).isZero();
    }
}
