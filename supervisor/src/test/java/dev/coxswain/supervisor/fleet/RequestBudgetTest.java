package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

class RequestBudgetTest {
    /** However the requests come, and wherever the monotonic clock stands: no window holds more than its share. */
    @Property(tries = 150)
    void noWindowHoldsMoreThanRatePlusBurst(@ForAll @DoubleRange(min = 0.1, max = 1000) double perSecond,
            @ForAll @IntRange(min = 1, max = 8) int burst, @ForAll long seed) {
        Random random = new Random(seed);
        long now = random.nextLong();
        RequestBudget budget = new RequestBudget(perSecond, burst, now);
        List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            if (budget.allows(now)) {
                budget.take(now);
                sent.add(now);
            } else if (random.nextBoolean()) {
                now = budget.nextAtNanos();
            }
            if (random.nextInt(8) == 0) {
                now += (long) (random.nextDouble() * 10e9 / perSecond);
            }
        }
        assertThat(sent).hasSizeGreaterThan(20);
        for (int from = 0; from < sent.size(); from++) {
            for (int to = from; to < sent.size(); to++) {
                double window = (sent.get(to) - sent.get(from)) / 1e9;
                // the spacing is cut to whole nanoseconds
                assertThat((double) (to - from + 1)).isLessThanOrEqualTo(perSecond * window * 1.000_01 + burst);
            }
        }
    }

    @Test
    void aQuietTimeSavesUpTheBurstAndNoMore() {
        RequestBudget budget = new RequestBudget(10, 4, 0);
        budget.take(0);
        long later = 3_600_000_000_000L;
        int atOnce = 0;
        while (budget.allows(later)) {
            budget.take(later);
            atOnce++;
        }
        assertThat(atOnce).isEqualTo(4);
        assertThat(budget.nextAtNanos() - later).isEqualTo(100_000_000);
    }

    @Test
    void nothingIsSavedUpAtTheStart() {
        RequestBudget budget = new RequestBudget(10, 4, 7);
        budget.take(7);
        assertThat(budget.allows(7)).isFalse();
        assertThat(budget.nextAtNanos()).isEqualTo(100_000_007);
    }
}
