package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The heartbeats of one registration token, one after another (contract shithub-actions 16.1, 16.2). A heartbeat is a claim:
 * it says how many jobs we could hold and which we hold, and brings one job or none.
 * <ul>
 * <li>Everybody who asks for a job has a slot reserved; one request speaks for all who ask when it leaves, and what it brings
 * is the first one's. Who asks meanwhile is in the next request.
 * <li>{@code capacity} is the jobs we hold and those asked for, at most the runner's slots, and never less than the jobs we
 * list (trap 9). So nothing is claimed for nobody, unless whoever asked has gone: such a job is kept for the next one who
 * asks, and its token is kept alive meanwhile ({@link Spares}).
 * <li>A job is listed from the claim on until its end is acknowledged (trap 8), or its chain has been over for
 * {@link #GRACE}: after that everything it ran is dead, and the control plane may cancel it.
 * </ul>
 * What the port lacks for this is in ADR 0007. Safe from any thread; a request goes on to its end, whoever waits for it.
 */
final class ClaimLoop {
    /** Everything of a lost job is dead after three seconds (design section 11); the list is no reason to hurry. */
    static final Duration GRACE = Duration.ofSeconds(10);
    static final int MOST_ASKING = RunnerProfile.MOST_SLOTS;

    private final IntSupplier slots;
    private final Spares spares = new Spares();
    private final Beat beat;
    private final AtomicInteger wanted = new AtomicInteger();
    /** All below: guarded by this. */
    private final Map<Long, ShithubLease> held = new LinkedHashMap<>();
    private final Deque<Asker> asking = new ArrayDeque<>();
    private final List<Sinks.One<Boolean>> keepers = new ArrayList<>();
    private boolean out;

    /** Sends one heartbeat; emits a job of type {@link ShithubLease} or none. */
    interface Beat {
        /** @param claiming whether a job may come */
        Mono<LeaseReply> send(boolean claiming, int capacity, List<Long> active);
    }

    private static final class Asker {
        final Sinks.One<LeaseReply> reply = Sinks.one();
        boolean gone;
        boolean served;
        @Nullable
        ShithubLease granted;
    }

    private record Request(List<Asker> askers, int capacity, List<Long> active) {}

    /** @param slots jobs at once at most */
    ClaimLoop(IntSupplier slots, Beat beat) {
        this.slots = slots;
        this.beat = beat;
    }

    /** Asks for one job, for a slot that is reserved. Cancelling is safe: a job that was granted is kept for the next one. */
    Mono<LeaseReply> lease() {
        return Mono.defer(() -> {
            Asker asker = new Asker();
            synchronized (this) {
                ShithubLease kept = spares.take();
                if (kept != null) {
                    return Mono.just(new LeaseReply.Granted(kept));
                }
                if (asking.size() >= MOST_ASKING) {
                    return Mono.error(new ControlPlaneException.Rejected(
                            "more than " + MOST_ASKING + " lease requests of one runner"));
                }
                asking.addLast(asker);
            }
            drain();
            return asker.reply.asMono().filter(reply -> serve(asker)).doOnCancel(() -> withdraw(asker));
        });
    }

    /** Says that the runner is there; completes at once, and sends nothing, when it holds no job. Cancelling is safe. */
    Mono<Void> keep() {
        return Mono.defer(() -> {
            Sinks.One<Boolean> keeper = Sinks.one();
            synchronized (this) {
                if (active().isEmpty()) {
                    return Mono.empty();
                }
                keepers.add(keeper);
            }
            drain();
            return keeper.asMono().then();
        });
    }

    /** Jobs that came and that nobody has taken. */
    Spares spares() {
        return spares;
    }

    /** Whether nothing is held, asked for or out. */
    synchronized boolean isIdle() {
        return !out && asking.isEmpty() && active().isEmpty();
    }

    private List<Long> active() {
        held.values().removeIf(lease -> lease.isForgotten(GRACE));
        return List.copyOf(held.keySet());
    }

    private synchronized boolean serve(Asker asker) {
        asker.served = !asker.gone;
        return asker.served;
    }

    private synchronized void withdraw(Asker asker) {
        if (asker.served || asker.gone) {
            return;
        }
        asker.gone = true;
        asking.remove(asker);
        ShithubLease granted = asker.granted;
        if (granted != null) {
            spares.add(granted);
        }
    }

    /** Runs on the thread that wanted it first; who comes meanwhile, also from within, is served there. */
    private void drain() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        do {
            Request request = next();
            if (request != null) {
                send(request);
            }
        } while (wanted.decrementAndGet() != 0);
    }

    private synchronized @Nullable Request next() {
        if (out || (asking.isEmpty() && keepers.isEmpty())) {
            return null;
        }
        List<Long> active = active();
        if (asking.isEmpty() && active.isEmpty()) {
            // what was to be kept has ended meanwhile
            keepers.forEach(keeper -> keeper.tryEmitValue(true));
            keepers.clear();
            return null;
        }
        out = true;
        int wish = Math.min(slots.getAsInt(), active.size() + asking.size());
        return new Request(List.copyOf(asking), Math.max(wish, active.size()), active);
    }

    /** Nobody ends this subscription: a claim whose answer nobody hears is a job that nobody runs (trap 4). */
    private void send(Request request) {
        Mono.defer(() -> beat.send(!request.askers.isEmpty(), request.capacity, request.active))
                .switchIfEmpty(Mono.error(() -> unavailable("no answer", null)))
                .onErrorMap(failure -> failure instanceof ControlPlaneException
                        ? failure
                        : unavailable(failure.getClass().getSimpleName(), failure))
                .subscribe(reply -> answered(request, reply), failure -> failed(request, failure));
    }

    private static ControlPlaneException unavailable(String what, @Nullable Throwable cause) {
        return new ControlPlaneException.Unavailable("heartbeat: " + what, null, cause);
    }

    private void answered(Request request, LeaseReply reply) {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            out = false;
            switch (reply) {
                case LeaseReply.Granted(var lease, var rate) -> {
                    granted((ShithubLease) lease, reply, told);
                    if (rate != null && rate.isExhausted()) {
                        none(request.askers, new LeaseReply.NoJob(null, rate), told);
                    }
                }
                case LeaseReply.NoJob none -> none(request.askers, none, told);
            }
            keepers.forEach(keeper -> told.add(() -> keeper.tryEmitValue(true)));
            keepers.clear();
        }
        told.forEach(Runnable::run);
        drain();
    }

    private void granted(ShithubLease lease, LeaseReply reply, List<Runnable> told) {
        held.put(lease.id(), lease);
        // those of the request are the first in line, as far as they still wait
        Asker first = asking.pollFirst();
        if (first == null) {
            spares.add(lease);
        } else {
            first.granted = lease;
            told.add(() -> first.reply.tryEmitValue(reply));
        }
    }

    private void none(List<Asker> askers, LeaseReply.NoJob none, List<Runnable> told) {
        for (Asker asker : askers) {
            if (asking.remove(asker)) {
                told.add(() -> asker.reply.tryEmitValue(none));
            }
        }
    }

    private void failed(Request request, Throwable failure) {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            out = false;
            for (Asker asker : request.askers) {
                if (asking.remove(asker)) {
                    told.add(() -> asker.reply.tryEmitError(failure));
                }
            }
            keepers.forEach(keeper -> told.add(() -> keeper.tryEmitError(failure)));
            keepers.clear();
        }
        told.forEach(Runnable::run);
        drain();
    }

    /** For messages: how many of each. */
    @Override
    public synchronized String toString() {
        return "ClaimLoop[held=" + held.size() + ", asking=" + asking.size() + ", spare=" + spares.all().size() + "]";
    }
}
