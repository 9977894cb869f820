package dev.coxswain.supervisor.journal;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.MonoSink;

/** What the writer is asked for, in the order in which it is done. */
sealed interface Request {
    /** It can't be done. */
    void fail(JournalException why);

    /** One record. */
    final class Append implements Request {
        private static final Logger log = LoggerFactory.getLogger(SqliteJournal.class);

        private final Write write;
        private final MonoSink<Void> sink;
        private final Runnable onSynced;
        private volatile boolean abandoned;

        Append(Write write, MonoSink<Void> sink, Runnable onSynced) {
            this.write = write;
            this.sink = sink;
            this.onSynced = onSynced;
        }

        Write write() {
            return write;
        }

        /** Nobody waits for it any more; it is written all the same. */
        void abandon() {
            abandoned = true;
        }

        void synced() {
            onSynced.run();
            sink.success();
        }

        @Override
        public void fail(JournalException why) {
            if (abandoned) {
                log.warn("a journal record that nobody waits for any more was not written: {}", why.getMessage());
            } else {
                sink.error(why);
            }
        }
    }

    /** Everything that is open, after all that was handed in before. */
    record Read(MonoSink<List<Journal.OpenLease>> sink) implements Request {
        @Override
        public void fail(JournalException why) {
            sink.error(why);
        }
    }

    /**
     * The end, after all that was handed in before.
     *
     * @param afterwards gives back what is not the writer's
     */
    record Close(MonoSink<Void> sink, Runnable afterwards) implements Request {
        @Override
        public void fail(JournalException why) {
            sink.error(why);
        }
    }
}
