package dev.coxswain.executors.function;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/**
 * One process of user code, which takes one call at a time. Its output goes to the call that runs, as that demands it;
 * between calls it is dropped and counted. Woken by: output and end of the process, its messages, demand and cancel of a
 * call, time. What they find is decided under one lock; nothing of others is called with it.
 */
final class FunctionProcess extends BaseSubscriber<CommandEvent> {
    private static final Logger log = LoggerFactory.getLogger(FunctionProcess.class);
    private final FunctionTools tools;
    private final LanguageRuntime runtime;
    private final Workspace workspace;
    private final ResultText texts;
    private final CallChannel channel = new CallChannel(this::said);
    private final Runnable gone;

    private @Nullable Call call;
    private long calls;
    private boolean begun;
    private boolean subscribed;
    private boolean inFlight;
    private boolean loaded;
    private boolean inOrder;
    private boolean over;

    /** @param gone told when the process ended by itself and no call ran */
    FunctionProcess(FunctionTools tools, LanguageRuntime runtime, Workspace workspace, Runnable gone) {
        this.tools = tools;
        this.runtime = runtime;
        this.workspace = workspace;
        this.texts = new ResultText(tools.mapper());
        this.gone = gone;
    }

    /**
     * Makes a call: emits its output as it is demanded, and {@link ExecutionEvent.Ended}. The first one starts the process.
     * Cancelling kills the process. Fails with a {@link WorkspaceException} when it can't be started, and with a
     * {@link NotTakenException} when it was started before and is no more.
     *
     * @param after done before the end is told
     */
    Flux<ExecutionEvent> call(FunctionJob job, Mono<Void> after) {
        return Flux.defer(() -> {
            AtomicReference<@Nullable Call> made = new AtomicReference<>();
            // what is more than demanded is one piece that was held back, at the end
            Flux<ExecutionEvent> output = Flux.create(sink -> begin(job, sink, made),
                    FluxSink.OverflowStrategy.BUFFER);
            return Flux.concat(prepared(job).thenMany(output), after.thenMany(Flux.<ExecutionEvent>empty()),
                    Mono.fromSupplier(() -> new ExecutionEvent.Ended(Objects.requireNonNull(made.get()).result())));
        });
    }

    private Mono<Void> prepared(FunctionJob job) {
        return isBegun() ? Mono.empty() : new Preparing(tools, workspace, channel).of(job);
    }

    private synchronized boolean isBegun() {
        return begun;
    }

    private void begin(FunctionJob job, FluxSink<ExecutionEvent> sink, AtomicReference<@Nullable Call> told) {
        Call made;
        boolean first;
        boolean dead;
        boolean fresh;
        synchronized (this) {
            made = new Call(++calls, job, tools.secrets().getAsLong(), texts, sink);
            dead = over;
            first = !begun;
            fresh = made.number == 1;
            if (!dead) {
                call = made;
                begun = true;
                inOrder = false;
                if (loaded) {
                    made.loaded(true);
                }
            }
        }
        told.set(made);
        if (dead) {
            made.fail(fresh ? ended() : new NotTakenException());
            return;
        }
        sink.onRequest(demanded -> {
            channel.resume();
            pull();
        });
        sink.onCancel(() -> abort(made));
        new CallTime(tools.timer()).watch(made, (how, stop) -> end(made, how, stop));
        if (Starts.hasChannel(job)) {
            channel.send(CallMessage.of(made, tools, workspace));
        }
        if (first) {
            workspace.run(Starts.command(job, runtime, workspace)).subscribe(this);
        }
        pull();
    }

    private static WorkspaceException ended() {
        return new WorkspaceException("the process was ended while the call ran");
    }

    /** Decides the end of a call that runs, and stops what it runs in; nothing when it is over. */
    private void end(Call ended, JobResult how, Workspace.Stop stop) {
        synchronized (this) {
            if (call != ended) {
                return;
            }
            ended.force(how);
        }
        channel.resume();
        ended.owned.add(workspace.stop(stop).subscribe(none -> {},
                e -> log.warn("a process can't be stopped: {}", e.toString())));
    }

    /** One event of the process at a time: when the call wants more, or no call runs. */
    private void pull() {
        synchronized (this) {
            Call now = call;
            if (!subscribed || over || inFlight || (now != null && now.sink.requestedFromDownstream() == 0)) {
                return;
            }
            inFlight = true;
        }
        request(1);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        synchronized (this) {
            subscribed = true;
        }
        pull();
    }

    @Override
    protected void hookOnNext(CommandEvent event) {
        switch (event) {
            case CommandEvent.Started started -> log.debug("a process of user code runs: pid={}", started.pid());
            case CommandEvent.Output output -> written(output);
            case CommandEvent.Exited exit -> exited(exit);
        }
        synchronized (this) {
            inFlight = false;
        }
        conclude();
        pull();
    }

    private void written(CommandEvent.Output output) {
        Call now;
        byte[] its;
        synchronized (this) {
            now = call;
            its = now == null ? output.bytes() : now.take(output);
        }
        if (now == null) {
            tools.drop(its.length);
            return;
        }
        if (its.length > 0) {
            now.sink.next(new ExecutionEvent.Output(output.stream(), its));
        }
        synchronized (this) {
            now.emitted(output.stream());
        }
    }

    private void said(String line) {
        ProcessMessage message = ProcessMessage.read(line);
        Call now;
        ExecutionEvent told = null;
        synchronized (this) {
            now = call;
            if (now == null) {
                return;
            }
            switch (message) {
                case ProcessMessage.Taken(long number) when number == now.number -> now.takenIn();
                case ProcessMessage.Loaded(boolean handler) -> {
                    loaded = handler;
                    now.loaded(handler);
                }
                case ProcessMessage.Streams streams when now.streams(streams.call()) ->
                    told = new ExecutionEvent.Streamed.Begun(streams.head());
                case ProcessMessage.Part part when now.streams(part.call()) ->
                    told = new ExecutionEvent.Streamed.Part(part.bytes());
                case ProcessMessage.Returned returned when returned.call() == now.number -> now.answered(returned);
                case ProcessMessage.Threw threw when threw.call() == now.number -> now.answered(threw);
                case ProcessMessage other -> log.debug("a process of user code said what it should not");
            }
        }
        if (told != null) {
            now.sink.next(told);
            pace(now);
        }
        conclude();
    }

    /** Nothing more of a result is read than is wanted, but for what has been read with it. */
    private void pace(Call streaming) {
        if (streaming.sink.requestedFromDownstream() == 0) {
            channel.pause();
            // demand that came meanwhile found nothing to resume
            if (streaming.sink.requestedFromDownstream() > 0) {
                channel.resume();
            }
        }
    }

    /** Ends the call when all of it is here. */
    private void conclude() {
        Call done;
        JobResult end;
        synchronized (this) {
            done = call;
            end = done == null ? null : done.ended();
            if (done == null || end == null) {
                return;
            }
            inOrder = done.leftInOrder();
            call = null;
        }
        tools.drop(done.after());
        done.finish(end);
        pull();
    }

    /** What it said before it ended may not have been read yet. */
    private void exited(CommandEvent.Exited exit) {
        synchronized (this) {
            over = true;
        }
        channel.resume();
        channel.whenRead(() -> ended(exit));
    }

    private void ended(CommandEvent.Exited exit) {
        Call last;
        boolean unheard;
        synchronized (this) {
            last = call;
            call = null;
            unheard = last != null && last.number > 1 && !last.isTaken() && last.forced() == null;
        }
        channel.close();
        if (last == null) {
            gone.run();
        } else if (unheard) {
            last.fail(new NotTakenException());
        } else {
            for (Stream stream : Stream.values()) {
                byte[] rest = last.rest(stream);
                if (rest.length > 0) {
                    last.sink.next(new ExecutionEvent.Output(stream, rest));
                }
            }
            finish(last, exit);
        }
    }

    /** A call always ends, also when what the process left can't be told. */
    private static void finish(Call last, CommandEvent.Exited exit) {
        JobResult end;
        try {
            end = last.ended(exit);
        } catch (RuntimeException e) {
            last.fail(new WorkspaceException("the end of a process can't be told", e));
            return;
        }
        last.finish(end);
    }

    @Override
    protected void hookOnError(Throwable failure) {
        Call last;
        synchronized (this) {
            last = call;
            call = null;
            over = true;
        }
        channel.close();
        if (last == null) {
            log.warn("a process of user code is lost: {}", failure.toString());
            gone.run();
            return;
        }
        JobResult forced = last.forced();
        if (forced == null) {
            last.fail(failure);
        } else {
            last.finish(forced);
        }
    }

    /** Whether it can take another call: it answered the last one, and nothing else happened. */
    synchronized boolean isReusable() {
        return inOrder && !over && call == null;
    }

    private void abort(Call aborted) {
        synchronized (this) {
            if (call != aborted) {
                return;
            }
            call = null;
            over = true;
        }
        aborted.owned.dispose();
        cancel();
        channel.close();
    }

    /** Kills it, with a call that runs. Safe to repeat. The workspace tells when it is dead. */
    void kill() {
        Call last;
        synchronized (this) {
            last = call;
            call = null;
            over = true;
        }
        if (last != null) {
            last.fail(ended());
        }
        cancel();
        channel.close();
    }
}
