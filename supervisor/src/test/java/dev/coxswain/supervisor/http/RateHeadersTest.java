package dev.coxswain.supervisor.http;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;

class RateHeadersTest {
    private static final Instant NOW = Instant.parse("2026-05-17T10:00:00Z");

    @ParameterizedTest
    @CsvSource({"0,30,30000", "7,0,0", "7,12.5,12500", "' 3 ',' 60 ',60000", "1,999999999,3600000",
            // the moment itself, in seconds and in milliseconds; one that has passed
            "0,1779012030,30000", "0,1779012030250,30250", "0,1779011000,0"})
    void theResetIsADeltaOrAMoment(String remaining, String reset, long millis) {
        assertThat(RateHeaders.read(remaining, reset, NOW)).satisfies(rate -> {
            assertThat(rate.remaining()).isEqualTo(Long.parseLong(remaining.strip()));
            assertThat(rate.resetAfter()).isEqualTo(Duration.ofMillis(millis));
        });
    }

    @ParameterizedTest
    @CsvSource({"-1,30", "a,30", "3,-2", "3,soon", "'',''", "1.5,3", "3,'1779012030, 4'", "9999999999999999,1",
            "1,9999999999999999"})
    void nonsenseIsNoHeader(String remaining, String reset) {
        assertThat(RateHeaders.read(remaining, reset, NOW)).isNull();
    }

    @Property(tries = 200)
    void anyTextIsReadOrRefused(@ForAll String remaining, @ForAll String reset) {
        RateHeaders rate = RateHeaders.read(remaining, reset, NOW);
        assertThat(rate == null || rate.remaining() >= 0).isTrue();
    }

    @Test
    void theServersClockIsTheOneThatCounts() {
        JsonAnswer answer = new JsonAnswer(200, new byte[0], null, "Sun, 17 May 2026 09:59:00 GMT", null, "0",
                "1779012030", 0);
        assertThat(answer.rate(NOW)).isEqualTo(new RateHeaders(0, Duration.ofSeconds(90)));
        assertThat(new JsonAnswer(200, new byte[0], null, null, null, "0", null, 0).rate(NOW)).isNull();
    }
}
