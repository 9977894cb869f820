package dev.coxswain.supervisor.controlplane.shithub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.http.JsonAnswer;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A small model of the control plane's token gate (contract shithub-actions 2.3), on a clock of its own, with a fault for each
 * request. It judges: tokens that overlap, calls broken off, calls that took effect twice.
 */
final class TokenServer {
    static final Secret FIRST = new Secret("token-0");

    private final Scheduler timer;
    private final FleetClock clock;
    private final Iterator<Fault> faults;
    private final Set<String> consumed = new HashSet<>();
    private final Map<String, Integer> open = new HashMap<>();
    private final Map<Integer, Integer> effects = new HashMap<>();
    private String current = FIRST.reveal();
    private int minted;
    private boolean ended;
    private boolean answerLost;
    int requests;
    int overlaps;
    int brokenOff;

    /** What goes wrong with one request. */
    enum Fault {
        NONE, SLOW, DROP_BEFORE, DROP_AFTER, SLOW_DROP_AFTER, ERROR_AFTER, UNAVAILABLE_BEFORE, LOOKUP_FAILED, INVALID_BEFORE, PROXY
    }

    TokenServer(Scheduler timer, List<Fault> faults) {
        this.timer = timer;
        this.clock = FleetClock.of(timer);
        this.faults = faults.iterator();
    }

    /** The call number {@code caller} of the test. */
    ChainCall call(int caller, boolean terminal) {
        return new ChainCall(terminal ? Operation.COMPLETE : Operation.LOGS, terminal,
                token -> Mono.defer(() -> request(caller, terminal, token.reveal())));
    }

    private Mono<JsonAnswer> request(int caller, boolean terminal, String token) {
        requests++;
        if (open.merge(token, 1, Integer::sum) > 1) {
            overlaps++;
        }
        Fault fault = faults.hasNext() ? faults.next() : Fault.NONE;
        long sentAt = clock.nanos();
        Duration way = fault == Fault.SLOW || fault == Fault.SLOW_DROP_AFTER
                ? Duration.ofSeconds(20)
                : Duration.ofMillis(30);
        return Mono.delay(way, timer).flatMap(there -> handle(caller, terminal, token, fault, sentAt))
                .flatMap(answer -> Mono.delay(way, timer).thenReturn(answer))
                // before the answer is heard: what follows from it is another request
                .doOnTerminate(() -> open.merge(token, -1, Integer::sum)).doOnCancel(() -> brokenOff++);
    }

    private Mono<JsonAnswer> handle(int caller, boolean terminal, String token, Fault fault, long sentAt) {
        switch (fault) {
            case DROP_BEFORE -> {
                return lost();
            }
            case UNAVAILABLE_BEFORE -> {
                return answer(503, "{\"error\":\"runner API is not configured\"}", sentAt);
            }
            case LOOKUP_FAILED -> {
                return answer(500, "{\"error\":\"job lookup failed\"}", sentAt);
            }
            case INVALID_BEFORE -> {
                return answer(401, "{\"error\":\"job token invalid\"}", sentAt);
            }
            case PROXY -> {
                return answer(502, "<html>", sentAt);
            }
            case NONE, SLOW, DROP_AFTER, SLOW_DROP_AFTER, ERROR_AFTER -> {
                // it arrives
            }
        }
        if (ended || !token.equals(current) || !consumed.add(token)) {
            return answer(401, "{\"error\":\"job token replayed\"}", sentAt);
        }
        if (fault == Fault.ERROR_AFTER) {
            answerLost = true;
            return answer(500, "{\"error\":\"append log failed\"}", sentAt);
        }
        effects.merge(caller, 1, Integer::sum);
        ended = terminal;
        current = "token-" + ++minted;
        if (fault == Fault.DROP_AFTER || fault == Fault.SLOW_DROP_AFTER) {
            answerLost = true;
            return lost();
        }
        return terminal
                ? answer(200, "{\"status\":\"completed\",\"conclusion\":\"success\"}", sentAt)
                : answer(202, "{\"accepted\":true,\"next_token\":\"" + current + "\",\"next_token_expires_at\":\""
                        + clock.now().plus(JobTerms.USUAL) + "\"}", sentAt);
    }

    private static Mono<JsonAnswer> lost() {
        return Mono
                .error(() -> new ControlPlaneException.Unavailable("connection reset", null, new IOException("reset")));
    }

    private static Mono<JsonAnswer> answer(int status, String body, long sentAt) {
        return Mono.just(new JsonAnswer(status, body.getBytes(StandardCharsets.UTF_8), "application/json", null, null,
                sentAt));
    }

    /** The token that the next call must have. */
    String current() {
        return current;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether a token was used up and its successor never told. */
    boolean lostAnAnswer() {
        return answerLost;
    }

    int effects(int caller) {
        return effects.getOrDefault(caller, 0);
    }
}
