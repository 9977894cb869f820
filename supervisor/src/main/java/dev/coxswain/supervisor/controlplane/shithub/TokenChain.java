package dev.coxswain.supervisor.controlplane.shithub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Secret;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * The tokens of one job, each good for one call, each got from the call before (contract shithub-actions 2.2 to 2.4).
 * <ul>
 * <li>One call is out at a time; up to {@value #MOST_WAITING} wait behind it, in the order they came.
 * <li>A call that has begun goes on to its end, whoever waits for it: a broken-off one burns the token as likely as not
 * (trap 15). One that is cancelled before its turn is never sent.
 * <li>Nothing is repeated here. After a failure that left the token good, the next call uses it, which is safe with any
 * request, since the server takes a token once at most; repeating is the caller's business, as everywhere.
 * <li>When the chain breaks, everybody who waits fails with {@link ControlPlaneException.LeaseLost}, and so does whoever
 * comes later; nothing is sent any more.
 * </ul>
 * Safe from any thread.
 */
final class TokenChain {
    static final int MOST_WAITING = 16;
    private static final Logger LOG = LoggerFactory.getLogger(TokenChain.class);
    private static final String OVER = "the job has ended";

    private final Fates fates;
    private final FleetClock clock;
    private final Deque<Turn> waiting = new ArrayDeque<>(2);
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile ChainState state;
    private volatile LeaseTerm term;

    private record Turn(ChainCall call, Sinks.One<JsonNode> answer) {}

    private record Going(Turn turn, ChainState.InFlight with) {}

    private TokenChain(Fates fates, FleetClock clock, ChainState state, LeaseTerm term) {
        this.fates = fates;
        this.clock = clock;
        this.state = state;
        this.term = term;
    }

    /** A chain that begins with the token of a claim. */
    static TokenChain of(Secret token, LeaseTerm term, Fates fates, FleetClock clock) {
        return new TokenChain(fates, clock, new ChainState.Ready(token, term, false), term);
    }

    /** A chain that nobody can go on with, as that of a former life: its tokens are in no journal. */
    static TokenChain dead(String reason, Fates fates, FleetClock clock) {
        return new TokenChain(fates, clock, new ChainState.Dead(reason, clock.nanos()),
                new LeaseTerm(clock.nanos(), Duration.ZERO, true));
    }

    ChainState state() {
        return state;
    }

    /** Until when the newest token holds that we know of. */
    LeaseTerm term() {
        return term;
    }

    /** Whether nothing will be sent any more. */
    boolean isOver() {
        return switch (state) {
            case ChainState.Ready ready -> hasRunOut(ready.term());
            case ChainState.InFlight out -> false;
            case ChainState.Ended ended -> true;
            case ChainState.Dead dead -> true;
        };
    }

    /**
     * Whether the control plane need not hear of this job any more: its end was acknowledged, or nothing could be sent for
     * it for so long that whatever it ran is dead.
     */
    boolean isForgotten(Duration grace) {
        long now = clock.nanos();
        return switch (state) {
            case ChainState.Ready ready -> now - ready.term().deadlineNanos() >= grace.toNanos();
            case ChainState.InFlight out -> false;
            case ChainState.Ended ended -> true;
            case ChainState.Dead dead -> now - dead.atNanos() >= grace.toNanos();
        };
    }

    /**
     * Puts a call in line; emits the body of its 2xx answer. Each subscription is one attempt. Fails with a
     * {@link ControlPlaneException} only: one that passes left the token good, {@link ControlPlaneException.LeaseLost} says
     * that the chain is over. Cancelling is safe.
     */
    Mono<JsonNode> call(ChainCall call) {
        return Mono.defer(() -> {
            Turn turn = new Turn(call, Sinks.one());
            ControlPlaneException refused = lineUp(turn);
            if (refused != null) {
                return Mono.error(refused);
            }
            drain();
            return turn.answer.asMono().doOnCancel(() -> withdraw(turn));
        });
    }

    private synchronized @Nullable ControlPlaneException lineUp(Turn turn) {
        ControlPlaneException over = switch (state) {
            case ChainState.Ready ready -> null;
            case ChainState.InFlight out -> null;
            case ChainState.Ended ended -> new ControlPlaneException.LeaseLost(OVER);
            case ChainState.Dead dead -> new ControlPlaneException.LeaseLost(dead.reason());
        };
        if (over == null && waiting.size() >= MOST_WAITING) {
            return new ControlPlaneException.Unavailable(
                    "more than " + MOST_WAITING + " calls of one job wait for its token", null, null);
        }
        if (over == null) {
            waiting.addLast(turn);
        }
        return over;
    }

    private synchronized void withdraw(Turn turn) {
        waiting.remove(turn);
    }

    /** Runs on the thread that wanted it first; who comes meanwhile, also from within, is served there. */
    private void drain() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        do {
            Going going = next();
            if (going != null) {
                send(going);
            }
        } while (wanted.decrementAndGet() != 0);
    }

    private @Nullable Going next() {
        String runOut = "the job token ran out unused";
        synchronized (this) {
            if (waiting.isEmpty() || !(state instanceof ChainState.Ready(var token, var until, var doubted))) {
                return null;
            }
            if (!hasRunOut(until)) {
                ChainState.InFlight out = new ChainState.InFlight(token, until, doubted);
                state = out;
                return new Going(waiting.removeFirst(), out);
            }
            state = new ChainState.Dead(runOut, clock.nanos());
        }
        failAll(runOut);
        return null;
    }

    private boolean hasRunOut(LeaseTerm until) {
        return clock.nanos() - until.deadlineNanos() >= 0;
    }

    /** Nobody owns this subscription but the chain, and it never ends it: the request's own time limit does. */
    private void send(Going going) {
        ChainCall call = going.turn.call;
        Mono.defer(() -> call.send().apply(going.with.token()))
                .map(answer -> fates.of(call, going.with.token(), going.with.doubted(), answer))
                .switchIfEmpty(Mono.fromSupplier(() -> kept(call, "no answer", null)))
                .onErrorResume(failure -> Mono.just(failure instanceof ControlPlaneException known
                        ? new Fate.Kept(known, false)
                        : kept(call, failure.getClass().getSimpleName(), failure)))
                .subscribe(fate -> came(going, fate),
                        failure -> LOG.error("the end of a call was not taken in: {}", call.operation(), failure));
    }

    private static Fate kept(ChainCall call, String what, @Nullable Throwable cause) {
        return new Fate.Kept(new ControlPlaneException.Unavailable(call.operation().label() + ": " + what, null, cause),
                false);
    }

    private void came(Going going, Fate fate) {
        ChainState.InFlight out = going.with;
        synchronized (this) {
            state = switch (fate) {
                case Fate.Next(var token, var until, var body) -> {
                    term = until;
                    yield new ChainState.Ready(token, until, false);
                }
                case Fate.Kept(var failure, var doubts) -> new ChainState.Ready(out.token(), out.term(),
                        out.doubted() || doubts);
                case Fate.Finished finished -> new ChainState.Ended();
                case Fate.Broken(var reason) -> new ChainState.Dead(reason, clock.nanos());
            };
        }
        switch (fate) {
            case Fate.Next(var token, var until, var body) -> going.turn.answer.tryEmitValue(body);
            case Fate.Kept(var failure, var doubts) -> going.turn.answer.tryEmitError(failure);
            case Fate.Finished(var body) -> {
                going.turn.answer.tryEmitValue(body);
                failAll(OVER);
            }
            case Fate.Broken(var reason) -> {
                going.turn.answer.tryEmitError(new ControlPlaneException.LeaseLost(reason));
                failAll(reason);
            }
        }
        drain();
    }

    /** After the state says that it is over: nobody lines up any more. */
    private void failAll(String reason) {
        List<Turn> left;
        synchronized (this) {
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(turn -> turn.answer.tryEmitError(new ControlPlaneException.LeaseLost(reason)));
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "TokenChain[" + state.getClass().getSimpleName() + "]";
    }
}
