package dev.coxswain.supervisor.coderunner;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class QuantitiesTest {
    private static final HostSize HOST = new HostSize(4, 8L << 30);

    private static Size size(String json) {
        return Quantities.size(Fields.of(TestServer.JSON.readTree(json)), HOST);
    }

    @Test
    void withoutAnyTheDefaultsHold() {
        assertThat(size("{}")).isEqualTo(Size.DEFAULT);
        assertThat(size("{\"cpu\":null}")).isEqualTo(Size.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"250m,250", "1,1000", "0.5,500", "4,4000", "4000m,4000", "0.0001,1", " 2 ,2000"})
    void cpuIsReadAsKubernetesDoes(String text, long millis) {
        assertThat(size("{\"Cpu\":\"" + text + "\"}").cpuMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"256Mi,268435456", "16Mi,16777216", "0.5Gi,536870912", "1G,1000000000", "20000k,20000000",
            "20000000,20000000", "0.001Ti,1099511628"})
    void memoryIsReadAsKubernetesDoes(String text, long bytes) {
        assertThat(size("{\"memory\":\"" + text + "\"}").memoryBytes()).isEqualTo(bytes);
    }

    @Test
    void numbersAreReadAsTheirText() {
        assertThat(size("{\"Cpu\":2,\"Memory\":20000000}")).isEqualTo(new Size("2", "20000000", 2_000, 20_000_000));
        assertThat(size("{\"Cpu\":0.5}").cpuMillis()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"0\"", "\"0m\"", "\"-1\"", "\"\"", "\" \"", "\"5\"", "\"4001m\"", "\"1k\"", "\"0.5m\"",
            "\"1e3\"", "\"m\"", "\".5\"", "\"99999999999\"", "true", "[]", "-1"})
    void badCpuIs400(String json) {
        assertThatThrownBy(() -> size("{\"Cpu\":" + json + "}")).isInstanceOf(Refusal.class)
                .hasMessageContaining("Cpu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"256m\"", "\"0\"", "\"-256Mi\"", "\"\"", "\"15Mi\"", "\"9Gi\"", "\"256MB\"", "\"256 Mi\"",
            "\"256mi\"", "\"1e9\"", "\"Mi\"", "\"1Pi\"", "{}", "\"9999999999999999999\""})
    void trap09badMemoryIs400(String json) {
        assertThatThrownBy(() -> size("{\"Memory\":" + json + "}")).isInstanceOf(Refusal.class)
                .hasMessageContaining("Memory");
    }
}
