package dev.coxswain.supervisor.coderunner;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The store of the Coderunner server: one SQLite file, used by one thread. Work is carried out in the order of its
 * subscriptions; at most {@value #MOST_WAITING} wait. Cancelling does not take work back that has begun.
 */
final class Store {
    /** Beyond it, requests are refused with 503. */
    private static final int MOST_WAITING = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private final Path file;
    private final Scheduler thread;
    private final Scheduler completions;
    private @Nullable Connection connection;

    /** @param completions where the callers go on, so that they never hold up the store */
    Store(Path file, Scheduler completions) {
        this.file = file;
        this.completions = completions;
        this.thread = Schedulers.newBoundedElastic(1, MOST_WAITING, "coxswain-coderunner-store", 60, true);
    }

    /** Opens the file; fails with a {@link StoreException}. Safe to repeat. */
    Mono<Void> open() {
        return Mono.<Void>fromRunnable(() -> {
            if (connection == null) {
                connection = StoreFile.open(file);
            }
        }).subscribeOn(thread).publishOn(completions);
    }

    /** Looks something up. */
    <T> Mono<T> read(Work<T> work) {
        return on(sql -> work.run(sql));
    }

    /** Changes something, all of it or nothing; on disk when it completes. */
    <T> Mono<T> write(Work<T> work) {
        return write(work, () -> {});
    }

    /** @param afterwards run on the store's thread once that is done, also when nobody waits for it any more */
    <T> Mono<T> write(Work<T> work, Runnable afterwards) {
        return on(sql -> transaction(sql, "FULL", work, afterwards));
    }

    /**
     * The same for what passes by in great numbers: it survives the end of this process at once, and a power failure within
     * a moment.
     */
    <T> Mono<T> note(Work<T> work) {
        return note(work, () -> {});
    }

    /** @param afterwards as with {@link #write(Work, Runnable)} */
    <T> Mono<T> note(Work<T> work, Runnable afterwards) {
        return on(sql -> transaction(sql, "NORMAL", work, afterwards));
    }

    private <T> Mono<T> on(Work<T> work) {
        return Mono.<T>fromCallable(() -> {
            Connection open = connection;
            if (open == null) {
                throw new StoreException("the Coderunner store is closed", null);
            }
            try {
                return work.run(new Sql(open));
            } catch (SQLException e) {
                throw new StoreException("the Coderunner store " + file + " failed: " + e.getMessage(), e);
            }
        }).subscribeOn(thread).onErrorMap(RejectedExecutionException.class,
                e -> Refusal.unavailable("the server's store is behind", 1)).publishOn(completions);
    }

    private static <T> @Nullable T transaction(Sql sql, String synchronous, Work<T> work, Runnable afterwards)
            throws SQLException {
        // only between transactions; SQLite forgets nothing that was synced before
        sql.update("PRAGMA synchronous = " + synchronous);
        sql.update("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            T value = work.run(sql);
            sql.update("COMMIT");
            done = true;
            afterwards.run();
            return value;
        } finally {
            if (!done) {
                rollBack(sql);
            }
        }
    }

    private static void rollBack(Sql sql) {
        try {
            sql.update("ROLLBACK");
        } catch (SQLException e) {
            // after a full disk SQLite has rolled back already and says so; the first failure is on its way
            LOG.debug("no rollback: {}", e.getMessage());
        }
    }

    /** Carries out what waits, then closes the file. Safe to repeat. */
    Mono<Void> close() {
        return Mono.<Void>fromRunnable(() -> {
            Connection open = connection;
            connection = null;
            try {
                if (open != null) {
                    open.close();
                }
            } catch (SQLException e) {
                LOG.warn("the Coderunner store was not closed cleanly: {}", e.getMessage());
            }
        }).subscribeOn(thread).onErrorComplete(RejectedExecutionException.class)
                .publishOn(Schedulers.boundedElastic()).doFinally(end -> thread.dispose());
    }

    /** Something to do with the database; a null is an empty Mono. */
    interface Work<T> {
        @Nullable
        T run(Sql sql) throws SQLException;
    }
}
