package dev.coxswain.supervisor.journal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.Outcome;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The journal as an SQLite file, 0600. One thread of its own writes; what arrives while it syncs goes together into the
 * next transaction, so a thousand writers share one sync. At most {@value #QUEUE_BOUND} writes wait; beyond that a write
 * fails at once. Exclusive use of the folder is {@link StateLock}'s business.
 */
public final class SqliteJournal implements Journal {
    /** Writes that may wait for the disk: some 20 s of a slow disk's syncs at full load. */
    public static final int QUEUE_BOUND = 65_536;

    private static final Limits DEFAULT_LIMITS = new Limits(QUEUE_BOUND, 8_192, 10_000, 0);

    private final FleetClock clock;
    private final Scheduler completions;
    private final Consumer<Duration> appendObserver;
    private final Scheduler thread;
    private final GroupWriter writer;
    /** Whoever moves it from 0 runs the writer, so that it is never run twice at a time. */
    private final AtomicInteger wanted = new AtomicInteger();

    private SqliteJournal(Path file, FleetClock clock, Scheduler completions, Consumer<Duration> appendObserver,
            Scheduler thread, Limits limits) {
        this.clock = clock;
        this.completions = completions;
        this.appendObserver = appendObserver;
        this.thread = thread;
        this.writer = new GroupWriter(file, JournalFile.open(file, limits.maxPages()), limits);
    }

    /**
     * Opens the file, or makes it; the schema is brought up to date.
     *
     * @param file {@code <stateDir>/journal.db}
     * @param clock when outcomes are decided, and how long writes take
     * @param completions where the callers go on, so that they never hold up the writer; {@code Schedulers.parallel()}
     * @param appendObserver told how long each write took from its subscription to its sync
     * @return the open journal, which the caller closes; a {@link JournalException} when the file can't be used
     */
    public static Mono<SqliteJournal> open(Path file, FleetClock clock, Scheduler completions,
            Consumer<Duration> appendObserver) {
        return open(file, clock, completions, appendObserver, DEFAULT_LIMITS);
    }

    static Mono<SqliteJournal> open(Path file, FleetClock clock, Scheduler completions,
            Consumer<Duration> appendObserver, Limits limits) {
        return Mono.<SqliteJournal>create(sink -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            sink.onCancel(() -> cancelled.set(true));
            Scheduler thread = Schedulers.newSingle(SqliteJournal::thread);
            thread.schedule(() -> {
                try {
                    SqliteJournal journal = new SqliteJournal(file, clock, completions, appendObserver, thread, limits);
                    if (cancelled.get()) {
                        journal.writer.shut();
                        thread.dispose();
                    }
                    sink.success(journal);
                } catch (RuntimeException | LinkageError e) {
                    thread.dispose();
                    sink.error(e);
                }
            });
        }).publishOn(completions);
    }

    /** A plain thread: Reactor's own factory would mark it as one that must not block. */
    private static Thread thread(Runnable run) {
        Thread thread = new Thread(run, "coxswain-journal");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Mono<Void> claimed(LeaseRecord lease) {
        return append(() -> new Write.Claimed(lease));
    }

    /** {@inheritDoc} An outcome for a lease that is not open fails: it could not be replayed. */
    @Override
    public Mono<Void> outcome(String key, Outcome outcome) {
        return append(() -> new Write.Decided(key, outcome, clock.now()));
    }

    /** {@inheritDoc} Safe to repeat. */
    @Override
    public Mono<Void> settled(String key) {
        return append(() -> new Write.Settled(key));
    }

    @Override
    public Mono<List<OpenLease>> open() {
        return Mono.<List<OpenLease>>create(sink -> hand(new Request.Read(sink))).publishOn(completions);
    }

    @Override
    public Mono<Void> close() {
        return Mono.<Void>create(sink -> hand(new Request.Close(sink, thread::dispose))).publishOn(completions);
    }

    /** Writes that wait for the disk now; at most {@link #QUEUE_BOUND}. */
    public int queued() {
        return writer.queued();
    }

    /** Transactions that were synced since the journal was opened. */
    public long commits() {
        return writer.commits();
    }

    private Mono<Void> append(Supplier<Write> write) {
        return Mono.<Void>create(sink -> {
            long since = clock.nanos();
            Request.Append append = new Request.Append(write.get(), sink,
                    () -> appendObserver.accept(Duration.ofNanos(clock.nanos() - since)));
            sink.onCancel(append::abandon);
            hand(append);
        }).publishOn(completions);
    }

    private void hand(Request request) {
        if (!writer.offer(request) || wanted.getAndIncrement() != 0) {
            return;
        }
        try {
            thread.schedule(this::run);
        } catch (RejectedExecutionException e) {
            // closed meanwhile: the writer only refuses now, which blocks nobody
            run();
        }
    }

    private void run() {
        int seen = wanted.get();
        while (seen != 0) {
            writer.drain();
            seen = wanted.addAndGet(-seen);
        }
    }

    /**
     * The bounds of a journal.
     *
     * @param queued writes that may wait
     * @param group writes in one transaction
     * @param settledKept settled leases that stay in the file, for whoever looks into it after a bad night
     * @param maxPages 4 KiB pages that the file may grow to; 0 for no limit
     */
    record Limits(int queued, int group, int settledKept, int maxPages) {}
}
