package dev.coxswain.supervisor.coderunner;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent.Streamed;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;

/**
 * The result of one execution on its way from its runner to its caller: one piece at a time, as fast as the caller takes
 * them. Where nobody listens, or nobody does any more, pieces are dropped: the runner must not wait for those who left. Safe
 * from any thread.
 */
final class ResultStream {
    private final Sinks.One<String> begun = Sinks.one();
    private boolean gone;
    private byte @Nullable [] piece;
    private @Nullable MonoSink<Void> runner;
    private @Nullable FluxSink<byte[]> caller;
    private @Nullable ExecutionEnd end;

    /** @param wanted whether a caller will come for the pieces, though perhaps later than the first one */
    ResultStream(boolean wanted) {
        this.gone = !wanted;
    }

    /** Emits the head of a result that comes in pieces, and nothing of another; cancelling says that nobody wants it. */
    Mono<String> begun() {
        return begun.asMono().doOnCancel(this::leave);
    }

    /** Takes the next piece; completes when the caller has it, or when there is no caller. */
    Mono<Void> take(Streamed next) {
        return switch (next) {
            case Streamed.Begun(var head) -> Mono.fromRunnable(() -> begun.tryEmitValue(head));
            case Streamed.Part(var bytes) -> Mono.create(sink -> {
                synchronized (this) {
                    if (!gone) {
                        piece = bytes;
                        runner = sink;
                    } else {
                        sink.success();
                    }
                }
                hand();
            });
        };
    }

    /** The bytes, for one caller; completes when the execution has succeeded. Cancelling drops the rest. */
    Flux<byte[]> bytes() {
        return Flux.create(sink -> {
            ExecutionEnd before;
            synchronized (this) {
                caller = sink;
                before = end;
            }
            sink.onDispose(this::leave);
            sink.onRequest(demanded -> hand());
            if (before != null) {
                finish(sink, before);
            }
        }, FluxSink.OverflowStrategy.ERROR);
    }

    /** Hands the piece over, if there is one and the caller has room for it. */
    private void hand() {
        byte[] bytes;
        FluxSink<byte[]> to;
        MonoSink<Void> from;
        synchronized (this) {
            bytes = piece;
            to = caller;
            from = runner;
            if (bytes == null || to == null || from == null || to.requestedFromDownstream() == 0) {
                return;
            }
            piece = null;
            runner = null;
        }
        to.next(bytes);
        from.success();
    }

    /** Nobody wants the rest. */
    void leave() {
        MonoSink<Void> from;
        synchronized (this) {
            gone = true;
            piece = null;
            from = runner;
            runner = null;
        }
        if (from != null) {
            from.success();
        }
    }

    /** Ends it for the caller, without a clean end when the execution did not succeed: what came is not the whole. */
    void over(ExecutionEnd now) {
        FluxSink<byte[]> to;
        synchronized (this) {
            to = caller;
            end = now;
        }
        begun.tryEmitEmpty();
        if (to != null) {
            finish(to, now);
        }
    }

    private static void finish(FluxSink<byte[]> to, ExecutionEnd end) {
        if (end.status() == ExecutionStatus.COMPLETED) {
            to.complete();
        } else {
            to.error(new IllegalStateException(
                    "the execution ended as " + end.reason() + " in the middle of its result"));
        }
    }
}
