package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

import static org.assertj.core.api.Assertions.assertThat;

class RequestBudgetTest {
    private static final long SECOND = 1_000_000_000;

    /** However the requests come, and wherever the monotonic clock stands: no second holds more than the ceiling. */
    @Property(tries = 150)
    void noSecondHoldsMoreThanTheCeiling(@ForAll @DoubleRange(min = 0.1, max = 1000) double perSecond,
            @ForAll long seed) {
        Random random = new Random(seed);
        long now = random.nextLong();
        RequestBudget budget = new RequestBudget(perSecond, now);
        List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            if (budget.allows(now)) {
                budget.take(now, random.nextInt(3) == 0 ? 0.1 + 0.9 * random.nextDouble() : 1);
                sent.add(now);
            } else if (random.nextBoolean()) {
                now = budget.nextAtNanos();
            }
            if (random.nextInt(40) == 0) {
                now += (long) (random.nextDouble() * 10e9 / perSecond);
            }
        }
        assertThat(sent).hasSizeGreaterThan(20);
        int ceiling = (int) Math.ceil(perSecond);
        for (int i = ceiling; i < sent.size(); i++) {
            assertThat(sent.get(i) - sent.get(i - ceiling)).isGreaterThanOrEqualTo(SECOND);
        }
    }

    @Test
    void lateTimersCostAFiftiethOfTheBudgetAndNoMore() {
        RequestBudget budget = new RequestBudget(50, 0);
        Random late = new Random(4);
        int sent = 0;
        for (long now = 0; now < 60 * SECOND; now = Math.max(now, budget.nextAtNanos()) + late.nextInt(15_000_000)) {
            if (budget.allows(now)) {
                budget.take(now, 1);
                sent++;
            }
        }
        assertThat(sent).isBetween(60 * 48, 60 * 50);
    }

    @Test
    void aQuietTimeSavesUpTheReserveAndNoMore() {
        RequestBudget budget = new RequestBudget(10, 0);
        budget.take(0, 1);
        long later = 3_600 * SECOND;
        budget.take(later, 1);
        assertThat(budget.nextAtNanos() - later).isEqualTo(100_000_000);

        budget.retune(200);
        budget.take(2 * later, 1);
        budget.take(2 * later, 1);
        assertThat(budget.allows(2 * later)).isTrue();
        budget.take(2 * later, 1);
        assertThat(budget.allows(2 * later)).isFalse();
    }

    @Test
    void aFractionOfTheBudgetIsSpacedWider() {
        RequestBudget budget = new RequestBudget(10, 7);
        budget.take(7, 0.25);
        assertThat(budget.nextAtNanos()).isEqualTo(400_000_007);
    }
}
