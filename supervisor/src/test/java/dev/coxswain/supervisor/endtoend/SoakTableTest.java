package dev.coxswain.supervisor.endtoend;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SoakTableTest {
    @Test
    void whatSwingsAroundAValueIsFlat() {
        assertThat(heap(30, second -> 40 + second % 4).grown()).isEmpty();
    }

    @Test
    void whatGrowsInTheWarmUpOnlyIsFlat() {
        assertThat(heap(30, second -> second < 6 ? 10 : 60).grown()).isEmpty();
    }

    @Test
    void whatGrowsAllTheTimeIsFound() {
        assertThat(heap(30, second -> 40 + second).grown())
                .containsExactly("heap MiB: from 49.5 to 65.5, more than 60.5");
    }

    @Test
    void onePeakIsNoGrowth() {
        assertThat(heap(30, second -> second == 28 ? 200 : 40).grown()).isEmpty();
    }

    @Test
    void whatShrinksIsFlat() {
        assertThat(heap(30, second -> 90 - second).grown()).isEmpty();
    }

    @Test
    void whatCouldNotBeReadIsNoSuccess() {
        assertThat(heap(30, second -> Double.NaN).grown()).hasSize(1);
    }

    @Test
    void threeSamplesInEachThirdAreTheLeast() {
        assertThat(heap(11, second -> 40).grown()).isEmpty();
        assertThatThrownBy(() -> heap(10, second -> 40)).hasMessageContaining("too few samples");
    }

    private static SoakTable heap(int samples, LongToDoubleFunction heap) {
        return new SoakTable(LongStream.range(0, samples).mapToObj(second -> {
            Map<SoakMeasure, Double> values = new EnumMap<>(SoakMeasure.class);
            List.of(SoakMeasure.values()).forEach(measure -> values.put(measure, 20.0));
            values.put(SoakMeasure.HEAP_MIB, heap.applyAsDouble(second));
            return new SoakTable.Sample(second, second, values);
        }).toList());
    }
}
