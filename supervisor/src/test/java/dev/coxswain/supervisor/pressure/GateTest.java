package dev.coxswain.supervisor.pressure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;

/** One limit and its memory. */
class GateTest {
    private static final Limit MEMORY = new Limit.Above(Resource.MEMORY, 0.9);
    private final Gate gate = new Gate(MEMORY);
    private long second;

    private boolean shutAt(double ratio) {
        return gate.shutAfter(new Pressure.Used(ratio), Duration.ofSeconds(second++).toNanos());
    }

    /** Shows it this value each second, and says after how many it opened. */
    private int secondsUntilOpen(double ratio) {
        for (int passed = 0; passed < 1000; passed++) {
            if (!shutAt(ratio)) {
                return passed;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void itShutsOnlyPastTheLimit() {
        assertThat(shutAt(0.9)).isFalse();
        assertThat(shutAt(0.9001)).isTrue();
    }

    @Test
    void itOpensWhenTheValueWasClearlyBelowForTheHold() {
        shutAt(0.95);

        assertThat(secondsUntilOpen(0.85)).isEqualTo(Gate.HOLD.toSeconds());
    }

    @Test
    void justBelowTheLimitItTakesLonger() {
        shutAt(0.95);

        assertThat(secondsUntilOpen(0.89)).isEqualTo(Gate.LONG_HOLD.toSeconds());
    }

    @Test
    void onePassInBetweenBeginsAnew() {
        shutAt(0.95);
        for (int i = 0; i < Gate.HOLD.toSeconds(); i++) {
            assertThat(shutAt(0.5)).isTrue();
        }
        shutAt(0.91);

        assertThat(secondsUntilOpen(0.5)).isEqualTo(Gate.HOLD.toSeconds());
    }

    @Test
    void aValueThatIsNotKnownOpensItAfterTheHold() {
        shutAt(0.95);
        for (int i = 0; i < Gate.HOLD.toSeconds(); i++) {
            assertThat(gate.shutAfter(new Pressure.Unknown("gone"), Duration.ofSeconds(second++).toNanos())).isTrue();
        }
        assertThat(gate.shutAfter(new Pressure.Unknown("gone"), Duration.ofSeconds(second).toNanos())).isFalse();
    }

    /** However the value dances, the limit holds at every look, each refusal lasts the hold, and so no two openings are nearer. */
    @Property(tries = 200)
    void aNoisyValueNeverMakesItFlap(@ForAll long seed) {
        Random random = new Random(seed);
        Gate noisy = new Gate(MEMORY);
        double middle = 0.8 + random.nextDouble() * 0.15;
        double noise = random.nextDouble() * 0.2;
        boolean before = false;
        long now = random.nextLong() >> 8;
        List<Long> opened = new ArrayList<>();
        long lastPassed = 0;
        long shutSince = 0;
        for (int look = 0; look < 600; look++) {
            now += Duration.ofMillis(500 + random.nextInt(1000)).toNanos();
            double value = random.nextInt(20) == 0
                    ? random.nextDouble()
                    : Math.clamp(middle + noise * (random.nextDouble() - 0.5), 0, 1);
            boolean shut = noisy.shutAfter(new Pressure.Used(value), now);
            if (value > 0.9) {
                assertThat(shut).isTrue();
                lastPassed = now;
            }
            if (shut && !before) {
                assertThat(value).isGreaterThan(0.9);
                shutSince = now;
            }
            if (!shut && before) {
                assertThat(now - shutSince).isGreaterThanOrEqualTo(Gate.HOLD.toNanos());
                assertThat(now - lastPassed).isGreaterThanOrEqualTo(Gate.HOLD.toNanos());
                opened.add(now);
            }
            before = shut;
        }
        for (int i = 1; i < opened.size(); i++) {
            assertThat(opened.get(i) - opened.get(i - 1)).isGreaterThanOrEqualTo(Gate.HOLD.toNanos());
        }
    }

    @Property(tries = 200)
    void aHostThatCalmsDownTakesJobsAgain(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            shutAt(random.nextDouble());
        }

        assertThat(secondsUntilOpen(random.nextDouble() * 0.9)).isLessThanOrEqualTo((int) Gate.LONG_HOLD.toSeconds());
    }

    static Stream<Arguments> words() {
        Pressure.Space disk = new Pressure.Space(0.99, 3L << 29);
        return Stream.of(
                Arguments.of(MEMORY, new Pressure.Used(0.93), "host memory 93 % used, above 90 %"),
                Arguments.of(MEMORY, new Pressure.Used(0.5), "host memory 50 % used, was above 90 % a moment ago"),
                Arguments.of(MEMORY, new Pressure.Unknown("x"),
                        "host memory unknown used, was above 90 % a moment ago"),
                Arguments.of(new Limit.DiskFreeBelow(2L << 30), disk, "disk 1.5 GiB free, below 2 GiB"),
                Arguments.of(new Limit.DiskFreeBelow(2L << 30), new Pressure.Space(1, 0),
                        "disk 0 MiB free, below 2 GiB"),
                Arguments.of(new Limit.DiskFreeBelow(1L << 30), disk,
                        "disk 1.5 GiB free, was below 1 GiB a moment ago"),
                Arguments.of(new Limit.InodesFreeBelow(0.05), new Pressure.Used(0.975), "inodes 2.5 % free, below 5 %"),
                Arguments.of(new Limit.Above(Resource.LOAD, 2), new Pressure.Used(3.1), "load 3.1 per core, above 2"),
                Arguments.of(new Limit.Above(Resource.CPU, 0.6), new Pressure.Used(0.64),
                        "CPU pressure 64 %, above 60 %"),
                Arguments.of(new Limit.Above(Resource.MEMORY_STALL, 0.6), new Pressure.Used(1),
                        "memory pressure 100 %, above 60 %"),
                Arguments.of(new Limit.Above(Resource.IO, 0.6), new Pressure.Used(0.7), "IO pressure 70 %, above 60 %"),
                Arguments.of(new Limit.Above(Resource.OPEN_FILES, 0.8), new Pressure.Used(0.9),
                        "open files at 90 % of their limit, above 80 %"),
                Arguments.of(new Limit.Above(Resource.PIDS, 0.8), new Pressure.Used(0.9),
                        "processes and threads at 90 % of their limit, above 80 %"));
    }

    @ParameterizedTest
    @MethodSource("words")
    void aRefusalSaysWhatIsShort(Limit limit, Pressure pressure, String words) {
        assertThat(limit.words(pressure)).isEqualTo(words);
        assertThat(limit.reached(pressure) > 1).isEqualTo(!words.contains("was "));
    }
}
