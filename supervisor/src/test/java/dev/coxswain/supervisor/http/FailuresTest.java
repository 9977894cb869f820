package dev.coxswain.supervisor.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.ReadTimeoutException;
import reactor.netty.channel.AbortedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FailuresTest {
    private static final Instant NOW = Instant.parse("2026-05-17T10:00:00Z");

    @ParameterizedTest
    @CsvSource({"200,false", "204,false", "301,false", "400,false", "401,false", "403,false", "404,false", "408,true",
            "409,false", "410,false", "413,false", "422,false", "429,true", "500,true", "501,true", "502,true",
            "503,true", "504,true", "599,true"})
    void aStatusDecidesWhetherToTryAgain(int status, boolean again) {
        assertThat(Failures.isTransient(status)).isEqualTo(again);
    }

    static Stream<Throwable> passing() {
        return Stream.of(new ConnectException("refused"), new UnknownHostException("x"), new IOException("reset"),
                new TimeoutException(), ReadTimeoutException.INSTANCE, new DecoderException("not HTTP"),
                new AbortedException("closed"), new CallException("POST /x at y", new IOException("reset")));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void aFailureOfTheWayPasses(Throwable failure) {
        assertThat(Failures.isTransient(failure)).isTrue();
    }

    static Stream<Throwable> lasting() {
        return Stream.of(new IllegalArgumentException(), new AnswerTooLongException("too long"),
                new CallException("POST /x at y", new IllegalStateException()), new CallException("x", null));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void aFailureOfOurOwnLasts(Throwable failure) {
        assertThat(Failures.isTransient(failure)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0|0", "1|1", " 120 |120", "3600|3600", "3601|3600", "999999999|3600",
            "Sun, 17 May 2026 10:00:30 GMT|30", "Sun, 17 May 2026 09:00:00 GMT|0",
            "Mon, 17 May 2027 10:00:00 GMT|3600"})
    void retryAfterIsSecondsOrADateAndBounded(String header, long seconds) {
        assertThat(Failures.retryAfter(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-5", "1.5", "soon", "1e3", "99999999999", "Sun, 99 May 2026 10:00:30 GMT"})
    void anUnreadableRetryAfterIsNone(String header) {
        assertThat(Failures.retryAfter(header, NOW)).isNull();
    }

    @Test
    void anAbsentRetryAfterIsNone() {
        assertThat(Failures.retryAfter(null, NOW)).isNull();
    }

    @Test
    void aDateHeaderIsRead() {
        assertThat(Failures.httpDate(" Sun, 17 May 2026 10:00:00 GMT ")).isEqualTo(NOW);
        assertThatThrownBy(() -> Failures.httpDate("2026-05-17")).isInstanceOf(DateTimeException.class);
    }
}
