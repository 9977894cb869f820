package dev.coxswain.supervisor.coderunner;

import java.time.Instant;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CronScheduleTest {
    private static final Instant NOW = Instant.parse("2026-03-28T23:59:30Z");

    private static @Nullable Instant next(String text, Instant after) {
        return CronSchedule.parse(text, NOW).next(after);
    }

    @ParameterizedTest
    @CsvSource({"* * * * *,2026-03-29T00:00:00Z", "*/5 * * * *,2026-03-29T00:00:00Z", "30 2 * * *,2026-03-29T02:30:00Z",
            "0 0 1 * *,2026-04-01T00:00:00Z", "0 0 * * 7,2026-03-29T00:00:00Z", "0 0 * * 0,2026-03-29T00:00:00Z",
            "0 12 * * MON-FRI,2026-03-30T12:00:00Z", "0 0 1 jan *,2027-01-01T00:00:00Z", "@hourly,2026-03-29T00:00:00Z",
            "@Weekly,2026-03-29T00:00:00Z", "@monthly,2026-04-01T00:00:00Z", "@yearly,2027-01-01T00:00:00Z",
            "10-20/5 3 * * *,2026-03-29T03:10:00Z", "0 0 29 2 *,2028-02-29T00:00:00Z"})
    void theNextTimeIsFound(String text, Instant expected) {
        assertThat(next(text, NOW)).isEqualTo(expected);
    }

    @Test
    void listsAreRead() {
        assertThat(next("1,3,5 4 * * *", Instant.parse("2026-03-29T04:01:00Z")))
                .isEqualTo("2026-03-29T04:03:00Z");
    }

    /** The usual rule: when both are set, either is enough. */
    @Test
    void dayOfMonthAndWeekdayAreJoinedByOr() {
        // 2026-04-01 is a Wednesday, the 3rd a Friday, the 13th a Monday
        Instant first = next("0 0 13 * FRI", Instant.parse("2026-04-01T00:00:00Z"));
        assertThat(first).isEqualTo("2026-04-03T00:00:00Z");
        assertThat(next("0 0 13 * FRI", Instant.parse("2026-04-10T00:00:00Z"))).isEqualTo("2026-04-13T00:00:00Z");
    }

    /** In most of Europe the clocks go forward at 01:00 UTC on this day, and back on the 25th of October. */
    @Test
    void trap12clockChangesNeitherSkipNorDouble() {
        assertThat(next("30 1 * * *", Instant.parse("2026-03-29T00:00:00Z"))).isEqualTo("2026-03-29T01:30:00Z");
        assertThat(next("30 2 * * *", Instant.parse("2026-03-29T02:00:00Z"))).isEqualTo("2026-03-29T02:30:00Z");
        assertThat(next("30 1 * * *", Instant.parse("2026-10-25T01:30:00Z"))).isEqualTo("2026-10-26T01:30:00Z");
    }

    @Test
    void theLatestTimeMayBeNow() {
        CronSchedule schedule = CronSchedule.parse("0 * * * *", NOW);

        assertThat(schedule.latest(Instant.parse("2026-03-29T05:00:00Z"))).isEqualTo("2026-03-29T05:00:00Z");
        assertThat(schedule.latest(Instant.parse("2026-03-29T05:59:59.999Z"))).isEqualTo("2026-03-29T05:00:00Z");
        assertThat(schedule.latest(Instant.parse("2026-03-29T04:59:59.999Z"))).isEqualTo("2026-03-29T04:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *",
            "* * * 13 *", "* * * * 8", "? * * * *", "* * L * *", "* * * * 5L", "* * 15W * *", "* * LW * *",
            "* * * * 1#2",
            "@reboot", "@never", "a b c d e", "*/0 * * * *", "5-1 * * * *", "-1 * * * *", "* * * * MONDAY",
            "0 0 31 2 *",
            "1,,2 * * * *", "* * * FEB-JAN *"})
    void whatIsNoneIs400(String text) {
        assertThatThrownBy(() -> CronSchedule.parse(text, NOW)).isInstanceOf(Refusal.class)
                .hasMessageContaining("CronExpression").extracting(e -> ((Refusal) e).status()).isEqualTo(400);
    }
}
