package dev.coxswain.executors.function;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a share of the CPU is as a weight (contract coderunner 8). */
class StartsTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 0", "4000, 0", "800, 1", "500, 3", "250, 6", "100, 10", "1, 15"})
    void lessOfTheCpuIsNicer(long cpuMillis, int niceness) {
        assertThat(Starts.niceness(cpuMillis)).isEqualTo(niceness);
    }
}
