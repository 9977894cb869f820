package dev.coxswain.executors.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.DrainLoop;
import dev.coxswain.executors.exec.ExecFrame;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One exec: a web socket that speaks {@code v4.channel.k8s.io}. A message is asked for only when the one before has been
 * emitted, so with no demand the socket fills up and the program waits in its write. Nothing of {@code v5} is needed: what is
 * sent says itself where it ends.
 */
final class ExecCall implements WebSocket.Listener {
    static final String PROTOCOL = "v4.channel.k8s.io";

    private static final Logger log = LoggerFactory.getLogger(ExecCall.class);
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int FORBIDDEN = 403;
    private static final int LONGEST_STATUS = 64 << 10;
    private static final byte STDIN = 0;
    private static final byte STDOUT = 1;
    private static final byte STDERR = 2;
    private static final byte STATUS = 3;
    /** Messages in a row; then other calls of the same thread get their turn. */
    private static final int TURN = 16;
    /** A server closes after its last word; one that does not is left. */
    private static final Duration CLOSED_AFTER = Duration.ofSeconds(5);
    private static final Duration FLUSH_LOOK = Duration.ofMillis(1);

    private final FluxSink<ExecFrame> sink;
    private final Flux<byte[]> input;
    private final Scheduler calls;
    private final Scheduler.Worker worker;
    private final DrainLoop loop;
    private final ByteArrayOutputStream status = new ByteArrayOutputStream();
    private final Disposable.Composite owned = Disposables.composite();

    private volatile @Nullable WebSocket socket;
    private volatile @Nullable ByteBuffer message;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;
    private volatile boolean ended;

    /**
     * @param input what it reads, in pieces that are sent one after the other; its end is not told
     * @param calls bounded
     */
    ExecCall(FluxSink<ExecFrame> sink, Flux<byte[]> input, Scheduler calls) {
        this.sink = sink;
        this.input = input;
        this.calls = calls;
        this.worker = calls.createWorker();
        this.loop = new DrainLoop(worker, this::turn, this::refused);
        sink.onRequest(n -> loop.signal());
        sink.onCancel(loop::signal);
    }

    /** Connects. */
    void begin(WebSocket.Builder builder) {
        CompletableFuture<WebSocket> told = builder.subprotocol(PROTOCOL).buildAsync(this)
                .whenComplete((open, refused) -> {
                    if (refused != null) {
                        failed(refused instanceof CompletionException && refused.getCause() != null
                                ? refused.getCause()
                                : refused);
                    }
                });
        owned.add(() -> told.cancel(false));
    }

    @Override
    public void onOpen(WebSocket open) {
        socket = open;
        owned.add(input.concatMap(bytes -> send(open, bytes), 1).subscribe(sent -> {},
                // it has answered before it read everything, or the connection is lost, which is told there
                e -> log.debug("the rest of what a pod's command reads was not sent: {}", e.toString())));
        loop.signal();
    }

    /** The web socket below refuses a second message while one is under way, and has no way to say when it is not. */
    private Mono<Void> send(WebSocket open, byte[] bytes) {
        return Mono.defer(() -> {
            ByteBuffer framed = ByteBuffer.allocate(bytes.length + 1).put(STDIN).put(bytes).flip();
            if (!open.send(framed)) {
                return Mono.error(new ExecBrokenException("the connection is closed", null));
            }
            return Mono.fromSupplier(open::queueSize).filter(queued -> queued == 0)
                    .repeatWhenEmpty(rounds -> rounds.delayElements(FLUSH_LOOK, calls)).then();
        });
    }

    @Override
    public void onMessage(WebSocket open, ByteBuffer binary) {
        message = binary;
        loop.signal();
    }

    @Override
    public void onMessage(WebSocket open, String text) {
        failed(new ExecBrokenException("the cluster sent a text where bytes are expected", null));
    }

    @Override
    public void onClose(WebSocket open, int code, String reason) {
        closed = true;
        loop.signal();
    }

    @Override
    public void onError(WebSocket open, Throwable error) {
        failed(error);
    }

    private void failed(Throwable error) {
        failure = error;
        closed = true;
        loop.signal();
    }

    private void refused(RejectedExecutionException e) {
        if (!ended) {
            ended = true;
            sink.error(new ExecBrokenException("the executor was closed while the command ran", e));
        }
    }

    private void turn() {
        for (int round = 0; round < TURN; round++) {
            if (ended || sink.isCancelled()) {
                leave();
                return;
            }
            ByteBuffer next = message;
            if (next == null) {
                if (closed) {
                    finish();
                }
                return;
            }
            if (!take(next)) {
                return;
            }
        }
        loop.laterAgain();
    }

    /** False when it must wait for demand. */
    private boolean take(ByteBuffer next) {
        if (next.remaining() > 1 && (next.get(next.position()) == STDOUT || next.get(next.position()) == STDERR)) {
            if (sink.requestedFromDownstream() == 0) {
                return false;
            }
            byte channel = next.get();
            byte[] bytes = new byte[Math.min(CHUNK_BYTES, next.remaining())];
            next.get(bytes);
            sink.next(new ExecFrame.Output(channel == STDOUT ? Stream.STDOUT : Stream.STDERR, bytes));
            if (next.hasRemaining()) {
                // the rest of it, under the same channel
                next.position(next.position() - 1).put(next.position(), channel);
                return true;
            }
        } else if (next.remaining() > 1 && next.get() == STATUS) {
            status.write(next.array(), next.arrayOffset() + next.position(),
                    Math.min(next.remaining(), LONGEST_STATUS - status.size()));
            owned.add(worker.schedule(() -> {
                closed = true;
                loop.signal();
            }, CLOSED_AFTER.toMillis(), TimeUnit.MILLISECONDS));
        }
        message = null;
        more();
        return true;
    }

    private void more() {
        WebSocket open = socket;
        if (open != null && !closed) {
            open.request();
        }
    }

    /** The server has closed, or the connection is gone. */
    private void finish() {
        if (status.size() == 0) {
            Throwable why = failure;
            end();
            sink.error(new ExecBrokenException(told(why), why));
            return;
        }
        int code;
        try {
            code = ExecStatus.code(status.toByteArray());
        } catch (RuntimeException e) {
            end();
            sink.error(e);
            return;
        }
        if (sink.requestedFromDownstream() > 0) {
            end();
            sink.next(new ExecFrame.Exit(code));
            sink.complete();
        }
    }

    private static String told(@Nullable Throwable why) {
        if (why == null) {
            return "the connection was closed";
        }
        if (why instanceof WebSocketHandshakeException handshake) {
            int code = handshake.getResponse().code();
            return "the API server refused it with status " + code
                    + (code == FORBIDDEN ? "; the service account needs a role for pods/exec: get, create" : "");
        }
        String message = why.getMessage();
        return message == null ? why.getClass().getSimpleName() : message;
    }

    /** Nobody listens any more: closes, and takes what still comes until the server closes too. */
    private void leave() {
        WebSocket open = socket;
        if (!ended) {
            if (open == null && !closed) {
                // it is told again when the connection is there
                return;
            }
            ended = true;
            owned.dispose();
            if (open != null && !closed) {
                open.sendClose(1000, "");
            }
        }
        if (closed) {
            worker.dispose();
        } else if (message != null) {
            message = null;
            more();
        }
    }

    private void end() {
        ended = true;
        owned.dispose();
        WebSocket open = socket;
        if (open != null && !closed) {
            open.sendClose(1000, "");
        }
        worker.dispose();
    }
}
