package dev.coxswain.supervisor.logs;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;

/** Whoever reads or follows one log now, 64 at most. Safe from any thread. */
final class LogReaders {
    private static final int MAX_READERS = 64;

    private final SpillingJobLog log;
    private final Scheduler files;
    private final List<LogReader<?>> readers = new CopyOnWriteArrayList<>();

    LogReaders(SpillingJobLog log, Scheduler files) {
        this.log = log;
        this.files = files;
    }

    /** The log up to this place, {@link LogReader#UNENDING} to follow it; a reader too many fails. */
    <T> Flux<T> readUntil(long until, LogView<T> view) {
        return Flux.create(sink -> {
            if (readers.size() >= MAX_READERS) {
                sink.error(new LogException("this log has " + MAX_READERS + " readers already", null));
                return;
            }
            LogReader<T> reader = new LogReader<>(log, files, sink, until, view);
            readers.add(reader);
            sink.onDispose(() -> readers.remove(reader));
            sink.onRequest(more -> reader.wake());
            reader.wake();
        });
    }

    /** There is something new to read, or nothing will come any more. */
    void wake() {
        readers.forEach(LogReader::wake);
    }
}
