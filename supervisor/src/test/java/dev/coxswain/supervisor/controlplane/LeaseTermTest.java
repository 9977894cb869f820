package dev.coxswain.supervisor.controlplane;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

import static org.assertj.core.api.Assertions.assertThat;

class LeaseTermTest {
    @ParameterizedTest
    @CsvSource({"0,1000", "1000,1000", "9999,1000", "10000,1000", "20000,2000", "49999,4999", "50000,5000",
            "600000,5000", "86400000,5000"})
    void theMarginIsATenthWithinOneAndFiveSeconds(long length, long margin) {
        LeaseTerm exact = new LeaseTerm(0, Duration.ofMillis(length), false);
        LeaseTerm coarse = new LeaseTerm(0, Duration.ofMillis(length), true);

        assertThat(exact.margin().toMillis()).isEqualTo(margin);
        assertThat(coarse.margin()).isEqualTo(exact.margin().plusSeconds(1));
    }

    @Property(tries = 200)
    void weStopBeforeTheDeadlineByTheMargin(@ForAll long sentAt, @ForAll @LongRange(max = 86_400_000) long millis,
            @ForAll boolean coarse) {
        LeaseTerm term = new LeaseTerm(sentAt, Duration.ofMillis(millis), coarse);

        // differences: nanoTime may be anywhere, and may wrap
        assertThat(term.deadlineNanos() - sentAt).isEqualTo(millis * 1_000_000);
        assertThat(term.deadlineNanos() - term.fenceAtNanos()).isEqualTo(term.margin().toNanos());
        assertThat(term.margin()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
    }
}
