package dev.coxswain.executors.function;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.function.WarmProcess.State;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Processes that wait for the next call of the same version. A process that left others behind, or did not answer, is ended
 * after its call. At most {@code warmMax} are kept; the one that waited longest goes first.
 */
final class WarmPool {
    private static final Logger log = LoggerFactory.getLogger(WarmPool.class);

    private final FunctionTools tools;
    private final Executor executor;
    private final int most;
    private final Duration idleFor;
    private final Set<WarmProcess> all = new HashSet<>();
    /** The one that was used last comes first. */
    private final Deque<WarmProcess> idle = new ArrayDeque<>();
    private final Disposable.Composite owned = Disposables.composite();
    private long names;
    private long reuses;
    private boolean closed;

    WarmPool(FunctionTools tools, Executor executor, int most, Duration idleFor) {
        this.tools = tools;
        this.executor = executor;
        this.most = most;
        this.idleFor = idleFor;
    }

    /** One that waits, or is about to; else a new one. Cancelling is safe in a bracket, here and in {@link #fresh}. */
    Mono<Borrowed> acquire(FunctionJob job, LanguageRuntime runtime) {
        return Mono.defer(() -> {
            WarmKey key = WarmKey.of(job);
            WarmProcess found;
            boolean busy;
            synchronized (this) {
                if (closed) {
                    return Mono.error(over());
                }
                found = find(key);
                busy = found != null && found.state == State.BUSY;
            }
            if (found == null) {
                return fresh(job, runtime);
            }
            return busy ? Mono.just(kept(found)) : claimed(found, job, runtime);
        });
    }

    private static WorkspaceException over() {
        return new WorkspaceException("the workload is closed");
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private Borrowed kept(WarmProcess warm) {
        tools.meters().called(true);
        return lent(warm);
    }

    private Borrowed lent(WarmProcess warm) {
        return new Borrowed(warm.process, () -> returned(warm));
    }

    /** An idle one is busy from now on; one that is looked at is claimed. */
    private @Nullable WarmProcess find(WarmKey key) {
        for (WarmProcess warm : idle) {
            if (warm.key.equals(key)) {
                idle.remove(warm);
                woken(warm);
                return warm;
            }
        }
        for (WarmProcess warm : all) {
            if (warm.state == State.LOOKED_AT && !warm.claimed && warm.key.equals(key)) {
                warm.claimed = true;
                return warm;
            }
        }
        return null;
    }

    private void woken(WarmProcess warm) {
        Disposable expiry = warm.expiry;
        if (expiry != null) {
            expiry.dispose();
            warm.expiry = null;
        }
        warm.state = State.BUSY;
        reuses++;
    }

    private Mono<Borrowed> claimed(WarmProcess warm, FunctionJob job, LanguageRuntime runtime) {
        return warm.looked.asMono().doOnCancel(() -> unclaimed(warm)).flatMap(well -> {
            if (!well) {
                return fresh(job, runtime);
            }
            return received(warm) ? Mono.just(kept(warm)) : Mono.empty();
        });
    }

    /** Whether it is still claimed: a call that was given up in this moment gets nothing. */
    private synchronized boolean received(WarmProcess warm) {
        boolean still = warm.claimed;
        warm.claimed = false;
        return still;
    }

    /** The call is given up while it waits; what is already its own waits for another. */
    private synchronized void unclaimed(WarmProcess warm) {
        if (warm.claimed && warm.state == State.BUSY) {
            waits(warm);
        }
        warm.claimed = false;
    }

    /** A new one. */
    Mono<Borrowed> fresh(FunctionJob job, LanguageRuntime runtime) {
        return Mono.defer(() -> isClosed() ? Mono.<Workspace>error(over()) : executor.open(name(job)))
                .map(workspace -> {
                    WarmProcess[] self = new WarmProcess[1];
                    FunctionProcess process = new FunctionProcess(tools, runtime, workspace, () -> gone(self[0]));
                    WarmProcess made = new WarmProcess(WarmKey.of(job), process, workspace, () -> forget(self[0]));
                    self[0] = made;
                    WarmProcess oldest;
                    synchronized (this) {
                        all.add(made);
                        boolean tooMany = all.stream().filter(each -> each.state != State.ENDING).count() > most;
                        oldest = tooMany ? idle.pollLast() : null;
                        made.kept = !tooMany || oldest != null;
                        if (oldest != null) {
                            oldest.state = State.ENDING;
                        }
                    }
                    end(oldest);
                    tools.meters().called(false);
                    return lent(made);
                });
    }

    /** Names a workspace of its own; the version is for people who look at the folder. */
    private synchronized String name(FunctionJob job) {
        String version = job.ids().getOrDefault("versionId", "").replaceAll("[^0-9a-f-]", "");
        return "warm-" + Long.toString(tools.secrets().getAsLong() & Long.MAX_VALUE, 36) + "-" + ++names
                + (version.isEmpty() ? "" : "-" + version.substring(0, Math.min(8, version.length())));
    }

    private void returned(WarmProcess warm) {
        boolean looks;
        synchronized (this) {
            looks = !closed && warm.kept && warm.state == State.BUSY && warm.process.isReusable();
            warm.state = looks ? State.LOOKED_AT : State.ENDING;
            if (looks) {
                warm.claimed = false;
                warm.looked = Sinks.one();
            }
        }
        if (!looks) {
            end(warm);
            return;
        }
        owned(warm.workspace.usage().map(usage -> usage.processes() == 1).defaultIfEmpty(false), warm);
    }

    private void owned(Mono<Boolean> look, WarmProcess warm) {
        Disposable.Swap swap = Disposables.swap();
        owned.add(swap);
        swap.update(look.doFinally(how -> owned.remove(swap)).subscribe(alone -> looked(warm, alone), e -> {
            log.warn("a process is not kept, what it left can't be told: {}", e.toString());
            looked(warm, false);
        }));
    }

    private void looked(WarmProcess warm, boolean alone) {
        boolean well;
        synchronized (this) {
            if (warm.state != State.LOOKED_AT) {
                return;
            }
            well = alone && !closed && warm.process.isReusable();
            if (!well) {
                warm.state = State.ENDING;
            } else if (warm.claimed) {
                warm.state = State.BUSY;
                reuses++;
            } else {
                waits(warm);
            }
        }
        warm.looked.tryEmitValue(well);
        if (!well) {
            end(warm);
        }
    }

    private void waits(WarmProcess warm) {
        warm.state = State.IDLE;
        idle.addFirst(warm);
        warm.expiry = tools.timer().schedule(() -> expired(warm), idleFor.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expired(WarmProcess warm) {
        synchronized (this) {
            if (warm.state != State.IDLE) {
                return;
            }
            idle.remove(warm);
            warm.state = State.ENDING;
        }
        log.debug("a warm process was not called for {}", idleFor);
        end(warm);
    }

    /** It ended by itself; one that is in a call is given back anyway. */
    private void gone(WarmProcess warm) {
        boolean claimed;
        synchronized (this) {
            if (warm.state != State.IDLE && warm.state != State.LOOKED_AT) {
                return;
            }
            claimed = warm.claimed;
            idle.remove(warm);
            warm.state = State.ENDING;
        }
        if (claimed) {
            warm.looked.tryEmitValue(false);
        }
        end(warm);
    }

    private void end(@Nullable WarmProcess warm) {
        if (warm == null) {
            return;
        }
        Disposable expiry = warm.expiry;
        if (expiry != null) {
            expiry.dispose();
        }
        // not among what is disposed at the end: it goes on until it is done
        warm.end().subscribe(none -> {}, e -> log.error("a warm process can't be ended", e));
    }

    private synchronized void forget(WarmProcess warm) {
        all.remove(warm);
    }

    /** Processes now, those that wait among them, and calls that needed no new one. */
    synchronized FunctionWorkload.Stats stats() {
        return new FunctionWorkload.Stats(all.size(), idle.size(), reuses, tools.dropped().sum());
    }

    /** Ends all of them; completes when they are dead. */
    Mono<Void> close() {
        return Mono.defer(() -> {
            List<WarmProcess> left;
            synchronized (this) {
                closed = true;
                left = List.copyOf(all);
                idle.clear();
                left.forEach(warm -> warm.state = State.ENDING);
            }
            owned.dispose();
            // whoever waits for a look hears that it will not come
            left.forEach(warm -> warm.looked.tryEmitValue(false));
            left.forEach(this::end);
            return Mono.whenDelayError(left.stream().map(WarmProcess::end).toList());
        });
    }
}
