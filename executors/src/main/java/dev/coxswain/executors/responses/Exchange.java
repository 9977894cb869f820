package dev.coxswain.executors.responses;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The exchange of one job with the model. Each request says only what is new and names the answer before it, as long as
 * the server keeps its answers; else the whole exchange is sent again. Used by one request at a time.
 */
final class Exchange {
    /** A longer exchange ends the job: it is kept in memory whole. */
    static final int MAX_CHARACTERS = 32 << 20;

    private final ModelCalls calls;
    private final RequestBodies bodies;
    private final Prices prices;
    private final AtomicBoolean forgetful;
    private final List<Item> all = new ArrayList<>();
    private long characters;
    /** How much of {@link #all} the model knows by {@link #lastId}. */
    private int known;
    private @Nullable String lastId;

    /** @param forgetful whether the server is known to keep no answers; found out once for all jobs */
    Exchange(ModelCalls calls, RequestBodies bodies, Prices prices, AtomicBoolean forgetful) {
        this.calls = calls;
        this.bodies = bodies;
        this.prices = prices;
        this.forgetful = forgetful;
    }

    /** Says this with the next request. */
    void say(Item item) {
        all.add(item);
        characters += item.characters();
    }

    /** Sends what is new. The answer is taken into the exchange as it passes. Fails with a {@link ModelException}. */
    Flux<CallEvent> send() {
        if (characters > MAX_CHARACTERS) {
            return Flux.error(new ModelException(CallResult.CANCELLED, "the exchange with the model is longer than "
                    + (MAX_CHARACTERS >> 20) + " million characters"));
        }
        String id = forgetful.get() ? null : lastId;
        return (id == null ? whole() : byReference(id)).doOnNext(event -> {
            if (event instanceof CallEvent.Answered(var reply, var took)) {
                taken(reply);
            }
        });
    }

    private Flux<CallEvent> byReference(String id) {
        return calls.send(bodies.round(all.subList(known, all.size()), id), true, prices)
                .concatMap(event -> event instanceof CallEvent.Answered(var reply, var took)
                        && reply.ignoredReference() ? wholeAfterAll() : Mono.just(event), 1)
                .onErrorResume(ModelException.class,
                        failure -> failure.refusesTheRequest() ? wholeAfterAll() : Flux.error(failure));
    }

    /** Servers refuse an unknown reference in many ways; only a success of the whole proves that this was the reason. */
    private Flux<CallEvent> wholeAfterAll() {
        return Flux.concat(Mono.just(new CallEvent.Whole()), whole().doOnNext(event -> {
            if (event instanceof CallEvent.Answered) {
                forgetful.set(true);
            }
        }));
    }

    private Flux<CallEvent> whole() {
        return Flux.defer(() -> calls.send(bodies.round(all, null), false, prices));
    }

    private void taken(ModelReply reply) {
        if (!reply.text().isEmpty()) {
            say(new Item.Answered(reply.text()));
        }
        reply.calls().forEach(call -> say(new Item.Asked(call)));
        known = all.size();
        lastId = reply.id();
    }
}
