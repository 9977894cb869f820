package dev.coxswain.executors.process;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;

/** One thread that sleeps until one of many descriptors has something to say (epoll). What it calls must not hold it up. */
final class Poller implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Poller.class);
    private static final int BATCH = 64;
    /** The kernel's struct is packed on x86-64 only. */
    private static final int DATA_OFFSET = Platform.isIntel() ? 4 : 8;
    private static final int EVENT_BYTES = DATA_OFFSET + 8;

    private final int epoll;
    private final int bell;
    private final Map<Integer, Runnable> watched = new ConcurrentHashMap<>();
    private final Memory change = new Memory(EVENT_BYTES);
    private volatile boolean closing;
    private boolean ended;

    Poller() throws IOException {
        epoll = checked(Libc.epoll_create1(Libc.O_CLOEXEC), "epoll_create1");
        bell = checked(Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK), "eventfd");
        control(Libc.EPOLL_CTL_ADD, bell, Libc.EPOLLIN | Libc.EPOLLONESHOT);
        Thread thread = new Thread(this::run, "cox-children");
        thread.setDaemon(true);
        thread.start();
    }

    static int checked(int result, String call) throws IOException {
        if (result < 0) {
            throw new IOException(call + ": " + Libc.strerror(Native.getLastError()));
        }
        return result;
    }

    /**
     * Calls {@code action} once. Only once, because a closed descriptor goes on telling as long as a process that is just being
     * started has a copy.
     */
    void watch(int fd, Runnable action) throws IOException {
        watched.put(fd, action);
        try {
            control(Libc.EPOLL_CTL_ADD, fd, Libc.EPOLLIN | Libc.EPOLLONESHOT);
        } catch (IOException e) {
            forget(fd);
            throw e;
        }
    }

    /** Once more, after it was called once. */
    void again(int fd) throws IOException {
        control(Libc.EPOLL_CTL_MOD, fd, Libc.EPOLLIN | Libc.EPOLLONESHOT);
    }

    /** To be called before the descriptor is closed; that takes it out of epoll. */
    void forget(int fd) {
        watched.remove(fd);
        if (closing && watched.isEmpty()) {
            ring();
        }
    }

    private void control(int operation, int fd, int events) throws IOException {
        synchronized (change) {
            if (ended) {
                throw new IOException("the executor is closed");
            }
            change.setInt(0, events);
            change.setLong(DATA_OFFSET, fd);
            checked(Libc.epoll_ctl(epoll, operation, fd, change), "epoll_ctl");
        }
    }

    private void run() {
        try (Memory events = new Memory((long) BATCH * EVENT_BYTES)) {
            while (!closing || !watched.isEmpty()) {
                int ready = Libc.epoll_wait(epoll, events, BATCH, -1);
                for (int i = 0; i < ready; i++) {
                    call(watched.get((int) events.getLong((long) i * EVENT_BYTES + DATA_OFFSET)));
                }
                if (ready < 0 && Native.getLastError() != Libc.EINTR) {
                    log.error("nobody waits for the ends of commands any more: epoll_wait: {}",
                            Libc.strerror(Native.getLastError()));
                    return;
                }
            }
        } finally {
            synchronized (change) {
                ended = true;
                Libc.close(bell);
                Libc.close(epoll);
            }
        }
    }

    /** An event may be for a descriptor that was closed meanwhile, and for its number's next owner: both are asked in vain. */
    private static void call(@Nullable Runnable action) {
        if (action != null) {
            try {
                action.run();
            } catch (RuntimeException e) {
                log.error("an event of a command could not be handled", e);
            }
        }
    }

    private void ring() {
        synchronized (change) {
            if (!ended) {
                change.setLong(0, 1);
                Libc.write(bell, change, Long.BYTES);
            }
        }
    }

    /** Ends the thread when the last descriptor is forgotten. */
    @Override
    public void close() {
        closing = true;
        ring();
    }
}
