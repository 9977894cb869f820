package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FaultProfileTest {
    @Test
    void everyNameIsAProfile() {
        assertThat(FaultProfile.names()).containsExactly("none", "latency", "5xx", "429", "reset-before", "reset-after",
                "slow-body", "truncated", "non-json", "lease-stolen", "clock-skew", "black-hole", "restart", "chaos");
        for (String name : FaultProfile.names()) {
            assertThat(FaultProfile.named(name).name()).isEqualTo(name);
        }
        assertThatThrownBy(() -> FaultProfile.named("rain")).hasMessageContaining("rain").hasMessageContaining("chaos");
    }

    @Test
    void aFileMixesRatesAndScopes() {
        FaultFile file = FaultFile.parse("""
                {"seed":7,"profiles":{"latency":0.1,"5xx":{"rate":0.25,"scope":"store"}},"blackHoleSeconds":2}""");

        assertThat(file.seed()).isEqualTo(OptionalLong.of(7));
        assertThat(file.profile().rules()).containsOnlyKeys(Fault.LATENCY, Fault.SERVER_ERROR);
        assertThat(file.profile().rules().get(Fault.SERVER_ERROR))
                .isEqualTo(new FaultProfile.Rule(0.25, FaultProfile.Scope.STORE));
        assertThat(file.profile().blackHole()).isEqualTo(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{|not JSON", "[]|object", "{\"profiles\":3}|profiles",
            "{\"profiles\":{\"rain\":0.1}}|profiles.rain", "{\"profiles\":{\"5xx\":1.5}}|profiles.5xx",
            "{\"profiles\":{\"5xx\":\"often\"}}|profiles.5xx", "{\"profiles\":{},\"sed\":1}|sed",
            "{\"profiles\":{},\"seed\":-1}|seed", "{\"profiles\":{\"5xx\":{\"rate\":0.1,\"scope\":\"all\"}}}|scope",
            "{\"profiles\":{\"5xx\":0.6,\"429\":0.6}}|more than 1",
            "{\"profiles\":{},\"maxRestarts\":1.5}|maxRestarts"})
    void aBadFileIsRefusedWithTheKey(String text, String named) {
        assertThatThrownBy(() -> FaultFile.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    @Property(tries = 50)
    void theSameSeedThrowsTheSameFaults(@ForAll @IntRange(min = 0, max = 100_000) int seed) {
        assertThat(draws(seed, 100)).isEqualTo(draws(seed, 100));
    }

    @Test
    void chaosKeepsItsRates() {
        FaultDice dice = new FaultDice(FaultProfile.chaos(), 1);
        long disturbed = 0;
        for (int i = 0; i < 10_000; i++) {
            disturbed += dice.next(FaultProfile.Scope.CALLS, 0).fault() == null ? 0 : 1;
        }

        assertThat(disturbed).isBetween(1_000L, 2_000L);
    }

    @Test
    void restartsAreFewAndFarBetween() {
        FaultDice dice = new FaultDice(FaultProfile.of(Fault.RESTART, 1), 1);
        List<Fault> close = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Fault fault = dice.next(FaultProfile.Scope.CALLS, 0).fault();
            if (fault != null) {
                close.add(fault);
            }
        }
        assertThat(close).hasSize(1);
        int more = 0;
        for (int second = 10; second < 100; second += 10) {
            more += dice.next(FaultProfile.Scope.CALLS, Duration.ofSeconds(second).toNanos()).fault() == null ? 0 : 1;
        }
        assertThat(more).isEqualTo(2);
    }

    private static List<FaultDice.Draw> draws(long seed, int count) {
        FaultDice dice = new FaultDice(FaultProfile.chaos(), seed);
        List<FaultDice.Draw> draws = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            draws.add(dice.next(FaultProfile.Scope.BOTH, i));
        }
        return draws;
    }
}
