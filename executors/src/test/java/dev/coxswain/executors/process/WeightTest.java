package dev.coxswain.executors.process;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a share of the CPU is as a weight (contract coderunner 8). */
class WeightTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 0", "4000, 0", "800, 1", "500, 3", "250, 6", "100, 10", "1, 15"})
    void lessOfTheCpuIsNicer(long cpuMillis, int niceness) {
        assertThat(Weight.niceness(cpuMillis)).isEqualTo(niceness);
    }
}
