package dev.coxswain.supervisor.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Outcome;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import static dev.coxswain.supervisor.journal.Journals.done;
import static dev.coxswain.supervisor.journal.Journals.lease;
import static dev.coxswain.supervisor.journal.Journals.openLeases;
import static org.assertj.core.api.Assertions.assertThat;

/** Whatever is written in whatever order: the file and the journal in memory agree, before and after a restart. */
class JournalModelTest {
    private static final FleetClock STILL = FleetClock.of(VirtualTimeScheduler.create());

    @Property(tries = 100, edgeCases = EdgeCasesMode.MIXIN)
    void theFileAgreesWithTheModel(@ForAll("steps") List<Step> steps) throws Exception {
        Path folder = Files.createTempDirectory("journal-model");
        Path file = folder.resolve("journal.db");
        VolatileJournal model = new VolatileJournal(STILL);
        SqliteJournal journal = sqlite(file);

        // subscribed one after the other without waiting, so that groups of any size come up
        done(Flux.fromIterable(steps).flatMap(step -> step.on(journal).onErrorComplete(JournalException.class), 256)
                .then());
        done(Flux.fromIterable(steps).concatMap(step -> step.on(model).onErrorComplete(JournalException.class)).then());

        assertThat(openLeases(journal)).isEqualTo(openLeases(model));
        done(journal.close());
        SqliteJournal reopened = sqlite(file);
        assertThat(openLeases(reopened)).isEqualTo(openLeases(model));
        done(reopened.close());
        for (String left : new String[]{"journal.db", "journal.db-wal", "journal.db-shm"}) {
            Files.deleteIfExists(folder.resolve(left));
        }
        Files.delete(folder);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<String> keys = Arbitraries.integers().between(0, 9).map(n -> "k" + n);
        Arbitrary<String> texts = Arbitraries.strings().ascii().withChars('\u00e9', '\u4e2d', '\n', '\'', '\u0000')
                .ofMaxLength(20);
        Arbitrary<Outcome> outcomes = Arbitraries.oneOf(texts.map(Outcome.Complete::new),
                Combinators.combine(Arbitraries.of(Outcome.Cause.class), texts).as(Outcome.Fail::new));
        Arbitrary<Step> step = Arbitraries.oneOf(keys.map(Step.Claim::new),
                Combinators.combine(keys, outcomes).as(Step.Decide::new), keys.map(Step.Settle::new));
        return step.list().ofMaxSize(60);
    }

    private static SqliteJournal sqlite(Path file) {
        return Journals.await(SqliteJournal.open(file, STILL, Schedulers.parallel(), took -> {},
                new SqliteJournal.Limits(65_536, 7, 5, 0)));
    }

    /** One call of the journal. */
    sealed interface Step {
        Mono<Void> on(Journal journal);

        record Claim(String key) implements Step {
            @Override
            public Mono<Void> on(Journal journal) {
                return journal.claimed(lease(key));
            }
        }

        record Decide(String key, Outcome outcome) implements Step {
            @Override
            public Mono<Void> on(Journal journal) {
                return journal.outcome(key, outcome);
            }
        }

        record Settle(String key) implements Step {
            @Override
            public Mono<Void> on(Journal journal) {
                return journal.settled(key);
            }
        }
    }
}
