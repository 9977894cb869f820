package dev.coxswain.executors.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.Disposable;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * Emits the events of one command as they are demanded. Pipes can't wake a JVM up without a thread parked in a read, so it
 * asks them how much is there: 0.1 ms after data, then in doubling steps up to 25 ms (longer when more than a hundred
 * commands run: at most 4000 looks a second in all). With no demand it doesn't even look, and the command waits in its
 * write. A read never exceeds what is there, hence never waits.
 *
 * <p>
 * When a process ends, the JDK's reaper thread moves what its pipes still hold (64 KiB each, as the kernel's pipes do) into
 * memory and closes them; both sides lock the stream, so no byte gets lost or doubled between them.
 */
final class OutputPump {
    private static final int CHUNK_BYTES = 64 << 10;
    /** Chunks in a row; then other commands of the same thread get their turn. */
    private static final int TURN = 16;
    private static final long SHORTEST_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long LOOKS_PER_SECOND = 4000;

    private final FluxSink<CommandEvent> sink;
    private final Scheduler.Worker worker;
    private final IntSupplier running;
    private final AtomicInteger signals = new AtomicInteger();

    private volatile @Nullable Process process;
    private volatile CommandEvent.@Nullable Exited exit;
    private volatile @Nullable Throwable failure;

    private volatile boolean ended;

    // the rest belongs to the thread of the worker
    private boolean startEmitted;
    private boolean stderrFirst;
    private long pauseNanos = SHORTEST_NANOS;
    private @Nullable Disposable pause;

    OutputPump(FluxSink<CommandEvent> sink, Scheduler.Worker worker, IntSupplier running) {
        this.sink = sink;
        this.worker = worker;
        this.running = running;
    }

    void started(Process started) {
        process = started;
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
        if (signals.getAndIncrement() == 0 && !ended) {
            try {
                worker.schedule(this::drain);
            } catch (RejectedExecutionException e) {
                // ended in between, then nobody listens; or the executor was closed under a subscriber, who shall know
                if (!ended) {
                    ended = true;
                    sink.error(new WorkspaceException("the executor was closed while the command ran", e));
                }
            }
        }
    }

    private void drain() {
        int missed = 1;
        while (missed != 0) {
            turn();
            missed = signals.addAndGet(-missed);
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
        worker.schedule(this::signal);
    }

    private @Nullable CommandEvent next() {
        Process from = process;
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
            return output;
        }
        return exited;
    }

    private static @Nullable CommandEvent output(Process from, Stream stream) {
        InputStream in = stream == Stream.STDOUT ? from.getInputStream() : from.getErrorStream();
        try {
            int there = in.available();
            if (there <= 0) {
                return null;
            }
            byte[] bytes = in.readNBytes(Math.min(there, CHUNK_BYTES));
            return bytes.length == 0 ? null : new CommandEvent.Output(stream, bytes);
        } catch (IOException e) {
            // closed under us: there is nothing more to come
            return null;
        }
    }

    private void rest() {
        if (process == null || pause != null) {
            return;
        }
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
    }
}
