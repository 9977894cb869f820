package dev.coxswain.supervisor.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.util.concurrent.Queues;

/**
 * Takes requests from any thread and carries them out in order, as many writes in one transaction as are waiting.
 * {@link #offer} never blocks; {@link #drain} is called by one thread at a time.
 */
final class GroupWriter {
    private static final Logger log = LoggerFactory.getLogger(SqliteJournal.class);

    private final Path file;
    private final Connection connection;
    private final SqliteJournal.Limits limits;
    private final Queue<Request> queue = Queues.<Request>unboundedMultiproducer().get();
    /** Bounds the queue; reads and the close are not counted. */
    private final AtomicInteger queued = new AtomicInteger();
    private volatile boolean closed;
    private final AtomicLong commits = new AtomicLong();
    private int unpruned;
    /** Null after a failure: the driver closes a statement that failed. */
    private @Nullable LeaseTable table;

    GroupWriter(Path file, Connection connection, SqliteJournal.Limits limits) {
        this.file = file;
        this.connection = connection;
        this.limits = limits;
        try {
            this.table = new LeaseTable(connection);
        } catch (SQLException e) {
            throw JournalFile.failure(file, e);
        }
    }

    int queued() {
        return queued.get();
    }

    long commits() {
        return commits.get();
    }

    /** Takes a request in; false when it was refused, and failed, at once. */
    boolean offer(Request request) {
        if (request instanceof Request.Append && queued.incrementAndGet() > limits.queued()) {
            queued.decrementAndGet();
            request.fail(new JournalException("the journal " + file + " is " + limits.queued()
                    + " writes behind: its disk is too slow for this load", null));
            return false;
        }
        return queue.offer(request);
    }

    /** Carries out everything that waits. */
    void drain() {
        List<Request.Append> group = new ArrayList<>();
        for (Request next = queue.poll(); next != null; next = queue.poll()) {
            switch (next) {
                case Request.Append append -> {
                    group.add(append);
                    if (group.size() == limits.group()) {
                        finish(group);
                    }
                }
                case Request.Read read -> {
                    finish(group);
                    read(read);
                }
                case Request.Close close -> {
                    finish(group);
                    close(close);
                }
            }
        }
        finish(group);
        prune();
    }

    private void finish(List<Request.Append> group) {
        if (group.isEmpty()) {
            return;
        }
        queued.addAndGet(-group.size());
        if (closed) {
            group.forEach(append -> append.fail(closedAlready()));
        } else {
            commit(group);
        }
        group.clear();
    }

    private void commit(List<Request.Append> group) {
        List<@Nullable String> refusals = new ArrayList<>(group.size());
        try {
            LeaseTable statements = table();
            statements.begin();
            for (Request.Append append : group) {
                refusals.add(statements.write(append.write()));
            }
            statements.commit();
            commits.incrementAndGet();
        } catch (SQLException e) {
            undo();
            if (group.size() == 1) {
                group.get(0).fail(JournalFile.failure(file, e));
            } else {
                // one record that can't be written (too big for what is left) must not take its neighbours with it
                group.forEach(append -> commit(List.of(append)));
            }
            return;
        }
        for (int i = 0; i < group.size(); i++) {
            String refusal = refusals.get(i);
            if (refusal == null) {
                group.get(i).synced();
            } else {
                group.get(i).fail(new JournalException(refusal, null));
            }
        }
        unpruned += group.size();
    }

    private void read(Request.Read read) {
        if (closed) {
            read.fail(closedAlready());
            return;
        }
        List<Journal.OpenLease> open;
        try {
            open = table().open();
        } catch (SQLException e) {
            undo();
            read.fail(JournalFile.failure(file, e));
            return;
        }
        read.sink().success(open);
    }

    private void close(Request.Close close) {
        try {
            shut();
            close.sink().success();
        } catch (JournalException e) {
            close.fail(e);
        }
        close.afterwards().run();
    }

    /** Closes the file. Safe to repeat. */
    void shut() {
        if (closed) {
            return;
        }
        closed = true;
        try (connection) {
            if (table != null) {
                table.close();
            }
        } catch (SQLException e) {
            throw JournalFile.failure(file, e);
        }
    }

    /** Now and then, when nothing waits, so that no write pays for it. */
    private void prune() {
        if (closed || unpruned < limits.settledKept()) {
            return;
        }
        unpruned = 0;
        try {
            int gone = table().prune(limits.settledKept());
            log.debug("removed {} settled leases from the journal", gone);
        } catch (SQLException e) {
            undo();
            log.warn("could not remove old settled leases from the journal {}, trying again later: {}", file,
                    e.getMessage());
        }
    }

    private LeaseTable table() throws SQLException {
        LeaseTable statements = table;
        if (statements == null) {
            statements = new LeaseTable(connection);
            table = statements;
        }
        return statements;
    }

    private void undo() {
        LeaseTable spent = table;
        table = null;
        try (Statement rollback = connection.createStatement()) {
            if (spent != null) {
                spent.close();
            }
            rollback.executeUpdate("ROLLBACK");
        } catch (SQLException e) {
            // after a full disk SQLite has rolled back already and says so; anything else comes up again at once
            log.debug("no rollback of a transaction of the journal {}: {}", file, e.getMessage());
        }
    }

    private JournalException closedAlready() {
        return new JournalException("the journal " + file + " is closed", null);
    }
}
