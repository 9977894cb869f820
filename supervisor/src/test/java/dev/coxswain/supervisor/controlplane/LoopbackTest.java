package dev.coxswain.supervisor.controlplane;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LoopbackTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8710", "127.0.0.1", "127.0.0.1:8710", "127.1.2.3:1", "[::1]",
            "[::1]:8710"})
    void theseNamesAreOurs(String header) {
        assertThat(Loopback.isAddressed(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":8710", "example.org", "localhost.example.org:8710", "127.0.0.1.example.org",
            "10.0.0.1",
            "0.0.0.0:8710", "[::2]:8710", "[::1", "::1]", "127.0.0.1@example.org", "example.org:127.0.0.1"})
    void theseMayBeAnybodys(String header) {
        assertThat(Loopback.isAddressed(header)).isFalse();
    }

    @Test
    void whoNamesNoHostIsNotTrusted() {
        assertThat(Loopback.isAddressed(null)).isFalse();
    }

    @Test
    void bracketsOfAnAddressAreLeftOut() {
        assertThat(Loopback.isHost("[::1]")).isTrue();
        assertThat(Loopback.isHost("::1")).isTrue();
        assertThat(Loopback.isHost("[localhost")).isFalse();
    }
}
