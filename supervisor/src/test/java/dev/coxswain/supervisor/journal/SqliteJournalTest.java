package dev.coxswain.supervisor.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static dev.coxswain.supervisor.journal.Journals.await;
import static dev.coxswain.supervisor.journal.Journals.done;
import static dev.coxswain.supervisor.journal.Journals.keys;
import static dev.coxswain.supervisor.journal.Journals.lease;
import static dev.coxswain.supervisor.journal.Journals.open;
import static dev.coxswain.supervisor.journal.Journals.openLeases;
import static org.assertj.core.api.Assertions.assertThat;

class SqliteJournalTest {
    @TempDir
    Path folder;

    @Test
    void whatIsOpenComesBackInTheOrderOfTheClaimsWithEveryField() {
        SqliteJournal first = open(file());
        for (String key : new String[]{"c", "a", "b"}) {
            done(first.claimed(lease(key)));
        }
        done(first.close());

        SqliteJournal second = open(file());

        assertThat(openLeases(second)).extracting(Journal.OpenLease::lease).containsExactly(lease("c"), lease("a"),
                lease("b"));
        assertThat(openLeases(second)).allMatch(open -> open.outcome() == null && open.decidedAt() == null);
        done(second.close());
    }

    @Test
    void aLaterOutcomeReplacesTheEarlierOneAndItsTime() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        SqliteJournal journal = await(
                SqliteJournal.open(file(), FleetClock.of(time), Schedulers.parallel(), took -> {}));
        done(journal.claimed(lease("a")));
        done(journal.outcome("a", new Outcome.Complete("{\"ok\":true}")));
        time.advanceTimeBy(Duration.ofSeconds(5));
        done(journal.outcome("a", new Outcome.Fail(Outcome.Cause.FAILURE, "refused: bad body")));
        done(journal.close());

        SqliteJournal again = open(file());

        assertThat(openLeases(again)).containsExactly(new Journal.OpenLease(lease("a"),
                new Outcome.Fail(Outcome.Cause.FAILURE, "refused: bad body"), Instant.ofEpochSecond(5)));
        done(again.close());
    }

    @ParameterizedTest
    @EnumSource
    void everyCauseOfAFailureSurvives(Outcome.Cause cause) {
        SqliteJournal journal = open(file());
        done(journal.claimed(lease("a")));
        done(journal.outcome("a", new Outcome.Fail(cause, "why\u0000\u00e9\ud83d\ude00")));

        assertThat(openLeases(journal)).extracting(Journal.OpenLease::outcome)
                .containsExactly(new Outcome.Fail(cause, "why\u0000\u00e9\ud83d\ude00"));
        done(journal.close());
    }

    @Test
    void aSettledLeaseIsGoneForGoodAndSettlingAgainIsHarmless() {
        SqliteJournal journal = open(file());
        done(journal.claimed(lease("a")));
        done(journal.claimed(lease("b")));
        done(journal.outcome("a", new Outcome.Complete("{}")));
        done(journal.settled("a"));
        done(journal.settled("a"));
        done(journal.settled("never seen"));
        done(journal.close());

        SqliteJournal again = open(file());

        assertThat(keys(again)).containsExactly("b");
        done(again.close());
    }

    @Test
    void anOutcomeForALeaseThatIsNotOpenFailsAloneAmongItsNeighbours() {
        SqliteJournal journal = open(file());
        done(journal.claimed(lease("a")));

        StepVerifier.create(Flux.mergeDelayError(16, journal.claimed(lease("b")),
                journal.outcome("nobody", new Outcome.Complete("{}")), journal.claimed(lease("c"))))
                .expectErrorSatisfies(e -> assertThat(e).isInstanceOf(JournalException.class)
                        .hasMessageContaining("no open lease nobody"))
                .verify(Journals.PATIENCE);
        assertThat(keys(journal)).containsExactly("a", "b", "c");
        done(journal.close());
    }

    @Test
    void writersThatComeTogetherShareTransactions() {
        Queue<Duration> seen = new ConcurrentLinkedQueue<>();
        SqliteJournal journal = open(file(), seen::add, new SqliteJournal.Limits(65_536, 8_192, 10_000, 0));
        int writers = 256;
        int each = 8;

        done(Flux.range(0, writers).flatMap(writer -> Flux.range(0, each)
                .concatMap(n -> journal.claimed(lease(writer + "-" + n))), writers).then());

        assertThat(seen).hasSize(writers * each).allMatch(took -> took.toNanos() > 0);
        // 256 at a time and eight rounds: far fewer syncs than writes, whatever the disk
        assertThat(journal.commits()).isPositive().isLessThan(writers * each / 4);
        assertThat(journal.queued()).isZero();
        assertThat(keys(journal)).hasSize(writers * each);
        done(journal.close());
    }

    @Test
    void aFullQueueRefusesAtOnceAndLosesNothingThatWasTaken() {
        SqliteJournal journal = open(file(), took -> {}, new SqliteJournal.Limits(4, 8_192, 10_000, 0));
        int writes = 20_000;

        Long refused = await(Flux.range(0, writes)
                .flatMap(
                        n -> journal.claimed(lease("k" + n)).thenReturn(0L).onErrorResume(JournalException.class, e -> {
                            assertThat(e).hasMessageContaining("4 writes behind");
                            return Mono.just(1L);
                        }), writes)
                .reduce(0L, Long::sum));

        assertThat(refused).isPositive();
        assertThat(keys(journal)).hasSize(writes - refused.intValue());
        done(journal.close());
    }

    @Test
    void cancellingAWriteDoesNotTakeItBack() {
        SqliteJournal journal = open(file());

        Disposable write = journal.claimed(lease("a")).subscribe(nothing -> {}, e -> {});
        write.dispose();

        assertThat(keys(journal)).containsExactly("a");
        done(journal.close());
    }

    @Test
    void closingWritesWhatWasHandedInAndRefusesWhatComesAfter() {
        SqliteJournal journal = open(file());
        Flux<Void> writes = Flux.range(0, 500).flatMap(n -> journal.claimed(lease("k" + n)), 500);

        done(writes.then().and(Mono.defer(journal::close)));

        done(journal.close());
        StepVerifier.create(journal.claimed(lease("late"))).expectErrorMatches(
                e -> e instanceof JournalException && String.valueOf(e.getMessage()).contains("is closed"))
                .verify(Journals.PATIENCE);
        StepVerifier.create(journal.open()).expectError(JournalException.class).verify(Journals.PATIENCE);
        SqliteJournal again = open(file());
        assertThat(keys(again)).hasSize(500);
        done(again.close());
    }

    @Test
    void settledLeasesAreKeptWithoutTheirReportsAndOnlyTheNewestOnes() throws Exception {
        SqliteJournal journal = open(file(), took -> {}, new SqliteJournal.Limits(65_536, 100, 50, 0));
        done(journal.claimed(lease("still-open")));
        done(Flux.range(0, 400)
                .concatMap(n -> journal.claimed(lease("k" + n))
                        .then(journal.outcome("k" + n, new Outcome.Complete("a large body")))
                        .then(journal.settled("k" + n)))
                .then());
        done(journal.close());

        try (Connection look = DriverManager.getConnection("jdbc:sqlite:" + file());
                ResultSet row = look.createStatement().executeQuery("SELECT count(*), count(report), sum(settled),"
                        + " sum(length(handle)) FROM lease WHERE settled = 1")) {
            assertThat(row.getInt(1)).isBetween(50, 150);
            assertThat(row.getInt(2)).isZero();
            assertThat(row.getInt(4)).isZero();
        }
        SqliteJournal again = open(file());
        assertThat(keys(again)).containsExactly("still-open");
        done(again.close());
    }

    @Test
    void aKeyThatComesAgainIsANewLease() {
        SqliteJournal journal = open(file());
        done(journal.claimed(lease("a")));
        done(journal.outcome("a", new Outcome.Complete("{}")));
        done(journal.claimed(lease("b")));
        done(journal.claimed(lease("a")));

        assertThat(openLeases(journal)).containsExactly(new Journal.OpenLease(lease("b"), null, null),
                new Journal.OpenLease(lease("a"), null, null));
        done(journal.close());
    }

    @Test
    void theFilesAreForTheirOwnerOnly() throws Exception {
        Files.createFile(file(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        SqliteJournal journal = open(file());
        done(journal.claimed(lease("a")));

        try (var files = Files.list(folder)) {
            assertThat(files.filter(Files::isRegularFile).toList()).hasSizeGreaterThan(1).allSatisfy(
                    f -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                            .isEqualTo("rw-------"));
        }
        done(journal.close());
    }

    private Path file() {
        return folder.resolve("journal.db");
    }
}
