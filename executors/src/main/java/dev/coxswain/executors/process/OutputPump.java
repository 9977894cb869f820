package dev.coxswain.executors.process;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.DrainLoop;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.Disposable;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * Emits the events of one command as they are demanded. Where the pipes can wake us up, they do; to a command that writes
 * much it gives 0.1 ms first, so that its output comes in larger pieces. Where they can't, it asks them: 0.1 ms after data,
 * then in doubling steps up to 25 ms (longer when more than a hundred commands run: at most 4000 looks a second in all).
 * With no demand it doesn't even look, and the command waits in its write. A read never waits.
 */
final class OutputPump {
    private static final int CHUNK_BYTES = 64 << 10;
    /** Chunks in a row; then other commands of the same thread get their turn. */
    private static final int TURN = 16;
    /** Chunks before a command counts as one that writes much. */
    private static final int MUCH = 16;
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long LOOKS_PER_SECOND = 4000;

    private final FluxSink<CommandEvent> sink;
    private final Scheduler.Worker worker;
    private final IntSupplier running;
    private final DrainLoop loop;

    private volatile @Nullable Child child;
    private volatile CommandEvent.@Nullable Exited exit;
    private volatile @Nullable Throwable failure;

    private volatile boolean ended;

    // the rest belongs to the thread of the worker
    private boolean startEmitted;
    private boolean stderrFirst;
    private int chunks;
    private boolean fresh;
    private long pauseNanos = SHORTEST_NANOS;
    private @Nullable Disposable pause;

    OutputPump(FluxSink<CommandEvent> sink, Scheduler.Worker worker, IntSupplier running) {
        this.sink = sink;
        this.worker = worker;
        this.running = running;
        this.loop = new DrainLoop(worker, this::turn, this::refused);
    }

    void started(Child started) {
        child = started;
        signal();
    }

    /** Everything is dead: what the pipes hold now is the rest of the output. */
    void exited(CommandEvent.Exited event) {
        exit = event;
        signal();
    }

    void failed(Throwable reason) {
        failure = reason;
        signal();
    }

    /** Something changed: demand, a cancel, the process. */
    void signal() {
        if (!ended) {
            loop.signal();
        }
    }

    private void refused(RejectedExecutionException e) {
        // ended in between, then nobody listens; or the executor was closed under a subscriber, who shall know
        if (!ended) {
            ended = true;
            sink.error(new WorkspaceException("the executor was closed while the command ran", e));
        }
    }

    private void turn() {
        if (ended) {
            return;
        }
        for (int chunk = 0; chunk < TURN; chunk++) {
            Throwable failed = failure;
            if (sink.isCancelled()) {
                end();
                return;
            }
            if (failed != null) {
                end();
                sink.error(failed);
                return;
            }
            if (sink.requestedFromDownstream() == 0) {
                return;
            }
            CommandEvent event = next();
            if (event == null) {
                rest();
                return;
            }
            sink.next(event);
            if (event instanceof CommandEvent.Exited) {
                end();
                sink.complete();
                return;
            }
        }
        loop.laterAgain();
    }

    private @Nullable CommandEvent next() {
        Child from = child;
        if (from == null) {
            return null;
        }
        if (!startEmitted) {
            startEmitted = true;
            return new CommandEvent.Started(from.pid());
        }
        // looked at before the pipes: once it is set, nobody writes to them any more
        CommandEvent.Exited exited = exit;
        stderrFirst = !stderrFirst;
        Stream first = stderrFirst ? Stream.STDERR : Stream.STDOUT;
        CommandEvent output = output(from, first);
        if (output == null) {
            output = output(from, first == Stream.STDOUT ? Stream.STDERR : Stream.STDOUT);
        }
        if (output != null) {
            pauseNanos = SHORTEST_NANOS;
            fresh = ++chunks > MUCH;
            return output;
        }
        return exited;
    }

    private static @Nullable CommandEvent output(Child from, Stream stream) {
        byte[] bytes = from.read(stream, CHUNK_BYTES);
        return bytes == null ? null : new CommandEvent.Output(stream, bytes);
    }

    private void rest() {
        Child from = child;
        if (from == null || pause != null || (!fresh && from.whenReadable(this::signal))) {
            return;
        }
        fresh = false;
        pause = worker.schedule(() -> {
            pause = null;
            signal();
        }, pauseNanos, TimeUnit.NANOSECONDS);
        long longest = Math.max(LONGEST_NANOS, running.getAsInt() * TimeUnit.SECONDS.toNanos(1) / LOOKS_PER_SECOND);
        pauseNanos = Math.min(2 * pauseNanos, longest);
    }

    private void end() {
        ended = true;
        worker.dispose();
        Child from = child;
        if (from != null) {
            from.closePipes();
        }
    }
}
