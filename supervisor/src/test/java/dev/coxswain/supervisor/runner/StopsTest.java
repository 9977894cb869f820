package dev.coxswain.supervisor.runner;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

class StopsTest {
    private static final Stop CANCEL = new Stop.Cancel(Outcome.Cause.CANCELLED, "a person");
    private static final Stop AGAIN = new Stop.Cancel(Outcome.Cause.CANCELLED, "a drain");
    private static final Stop OVER = new Stop.LeaseOver(false, "409");

    private final Stops stops = new Stops();
    private final List<Stop> seen = new ArrayList<>();

    @Test
    void theFirstCancelCountsAndTheEndOfTheLeaseOvertakesIt() {
        assertThat(stops.ask(CANCEL)).isTrue();
        assertThat(stops.ask(AGAIN)).isFalse();
        assertThat(stops.ask(OVER)).isTrue();
        assertThat(stops.ask(new Stop.LeaseOver(true, "late"))).isFalse();
        assertThat(stops.ask(CANCEL)).isFalse();

        stops.flux().subscribe(seen::add);

        assertThat(seen).containsExactly(CANCEL, OVER);
        assertThat(stops.current()).isEqualTo(OVER);
    }

    @Test
    void onceTheEndIsDecidedOnlyTheEndOfTheLeaseStillCounts() {
        assertThat(stops.decide()).isNull();

        assertThat(stops.ask(CANCEL)).isFalse();
        assertThat(stops.current()).isNull();
        assertThat(stops.ask(OVER)).isTrue();
        assertThat(stops.decide()).isEqualTo(OVER);
    }

    @Test
    void aStopIsEarlyUntilThereIsAWorkspace() {
        stops.early().subscribe(seen::add);
        stops.opened();
        stops.ask(CANCEL);
        assertThat(seen).isEmpty();

        Stops before = new Stops();
        before.ask(CANCEL);
        before.early().subscribe(seen::add);
        assertThat(seen).containsExactly(CANCEL);
    }
}
