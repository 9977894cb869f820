package dev.coxswain.executors.process;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.sun.jna.Memory;
import com.sun.jna.Native;

import dev.coxswain.executors.CommandEvent.Stream;

/** A process of the C library: two pipes that never let us wait, and a descriptor that tells its end. */
final class NativeChild implements Child {
    private static final Logger log = LoggerFactory.getLogger(NativeChild.class);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final ThreadLocal<Memory> BUFFER = ThreadLocal.withInitial(() -> new Memory(BUFFER_BYTES));

    private final Poller poller;
    private final int pid;
    private final int pidFd;
    private final Pipe out;
    private final Pipe err;
    private final Runnable ended;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Memory status = new Memory(Long.BYTES);
    private boolean reaped;
    private volatile Runnable ready = () -> {};

    /**
     * @param out our end of the pipe; closed by this child, as are the other two
     * @param ended called when its exit has been taken
     */
    NativeChild(Poller poller, int pid, int pidFd, int out, int err, Runnable ended) {
        this.poller = poller;
        this.pid = pid;
        this.pidFd = pidFd;
        this.out = new Pipe(out);
        this.err = new Pipe(err);
        this.ended = ended;
    }

    /** From now on its end is told. */
    void begin() throws IOException {
        poller.watch(pidFd, this::reap);
    }

    /** On the poller's thread; the process has ended, so this does not wait. */
    private void reap() {
        synchronized (this) {
            if (reaped) {
                return;
            }
            Libc.waitpid(pid, status, 0);
            reaped = true;
        }
        poller.forget(pidFd);
        Libc.close(pidFd);
        ended.run();
        int word = status.getInt(0);
        int signal = word & 0x7f;
        exit.complete(signal == 0 ? (word >> 8) & 0xff : 128 + signal);
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public synchronized boolean alive() {
        return !reaped;
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public synchronized boolean kill() {
        if (!reaped) {
            Signals.send(-pid, Signals.KILL);
            Signals.send(pid, Signals.KILL);
        }
        return !reaped;
    }

    @Override
    public byte @Nullable [] read(Stream stream, int maxBytes) {
        return (stream == Stream.STDOUT ? out : err).read(maxBytes);
    }

    @Override
    public boolean whenReadable(Runnable action) {
        ready = action;
        try {
            out.await();
            err.await();
            return true;
        } catch (IOException e) {
            log.warn("the output of process {} has to be asked for: {}", pid, e.toString());
            return false;
        }
    }

    @Override
    public void closePipes() {
        out.close();
        err.close();
    }

    /** Our end of one of its pipes. */
    private final class Pipe {
        /** After the process itself has ended; a pipe holds no more. Whoever goes on writing then is not listened to. */
        private static final long REST_BYTES = 1 << 20;

        private final int fd;
        private boolean closed;
        private boolean known;
        private volatile boolean awaited;
        private long rest;

        Pipe(int fd) {
            this.fd = fd;
        }

        synchronized byte @Nullable [] read(int maxBytes) {
            if (closed) {
                return null;
            }
            Memory buffer = BUFFER.get();
            boolean dead = !alive();
            long count;
            do {
                count = Libc.read(fd, buffer, Math.min(maxBytes, BUFFER_BYTES));
            } while (count < 0 && Native.getLastError() == Libc.EINTR);
            if (count > 0) {
                rest += dead ? count : 0;
                if (rest >= REST_BYTES) {
                    close();
                }
                return buffer.getByteArray(0, (int) count);
            }
            if (count == 0 || Native.getLastError() != Libc.EAGAIN) {
                close();
            }
            return null;
        }

        synchronized void await() throws IOException {
            if (closed || awaited) {
                return;
            }
            awaited = true;
            if (known) {
                poller.again(fd);
            } else {
                known = true;
                poller.watch(fd, () -> {
                    awaited = false;
                    ready.run();
                });
            }
        }

        synchronized void close() {
            if (!closed) {
                closed = true;
                poller.forget(fd);
                Libc.close(fd);
            }
        }
    }
}
