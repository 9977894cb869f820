package dev.coxswain.supervisor.journal;

import java.nio.file.Path;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A process that writes to a journal until it is killed and prints each write when it was acknowledged. Every third
 * lease is only claimed, every third is decided too, every third ends.
 */
final class CrashingWriter {
    private CrashingWriter() {}

    public static void main(String[] args) {
        StateLock lock = StateLock.take(Path.of(args[0]));
        SqliteLibrary.unpackInto(Path.of(args[0], "native"));
        SqliteJournal journal = Journals.await(SqliteJournal.open(Path.of(args[0], "journal.db"), FleetClock.system(),
                Schedulers.parallel(), took -> {}));
        System.out.println("ready");
        Flux.range(0, Integer.MAX_VALUE).flatMap(n -> life(journal, n), 64).blockLast();
        lock.close();
    }

    private static Mono<Void> life(Journal journal, int n) {
        String key = "k" + n;
        Mono<Void> claimed = journal.claimed(Journals.lease(key)).then(say("claimed " + key));
        Mono<Void> decided = journal.outcome(key, new Outcome.Complete("{\"n\":" + n + "}"))
                .then(say("decided " + key));
        Mono<Void> settled = journal.settled(key).then(say("settled " + key));
        return switch (n % 3) {
            case 0 -> claimed;
            case 1 -> claimed.then(decided);
            default -> claimed.then(decided).then(settled);
        };
    }

    private static Mono<Void> say(String line) {
        return Mono.fromRunnable(() -> System.out.println(line));
    }
}
