package dev.coxswain.supervisor.controlplane.shithub;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.shithub.TokenServer.Fault;
import dev.coxswain.supervisor.controlplane.wire.Wire;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.http.RetryPolicy;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The token chain of a job (contract shithub-actions 2.2 to 2.4), in virtual time against a model of the token gate. */
class TokenChainTest {
    private static final RetryPolicy PAUSES = new RetryPolicy(4, Duration.ofMillis(500), Duration.ofSeconds(15));

    private VirtualTimeScheduler timer = VirtualTimeScheduler.create();

    /**
     * One who calls.
     *
     * @param cancelAfter milliseconds after the call, or null
     */
    record Caller(int at, @Nullable Integer cancelAfter, boolean patient) {}

    /** What a caller hears. */
    private static final class Heard {
        final List<String> words = new ArrayList<>();
        boolean cancelled;
    }

    private TokenServer server(Fault... faults) {
        return new TokenServer(timer, List.of(faults));
    }

    private TokenChain chain() {
        FleetClock clock = FleetClock.of(timer);
        JsonCalls unused = new JsonCalls(HttpClient.create(), URI.create("http://127.0.0.1:9"), "actions", Set.of(),
                new Meters(new SimpleMeterRegistry()), clock::nanos, 1_000);
        Wire wire = new Wire(unused, JsonMapper.builder().build(), clock);
        return TokenChain.of(TokenServer.FIRST, new LeaseTerm(clock.nanos(), JobTerms.USUAL, true),
                new Fates(wire, clock), clock);
    }

    private static Heard hear(Mono<JsonNode> call) {
        Heard heard = new Heard();
        call.subscribe(body -> heard.words.add("done"), failure -> heard.words.add(failure.getClass().getSimpleName()));
        return heard;
    }

    private void pass(Duration time) {
        timer.advanceTimeBy(time);
    }

    @Property(tries = 200)
    void noTokenIsUsedTwiceNothingFollowsDeathAndEverybodyHears(@ForAll("faults") List<Fault> faults,
            @ForAll("callers") List<Caller> callers) {
        timer = VirtualTimeScheduler.create();
        TokenServer server = new TokenServer(timer, faults);
        TokenChain chain = chain();
        List<Heard> all = new ArrayList<>();
        List<Integer> requestsAtDeath = new ArrayList<>();
        for (int i = 0; i < callers.size(); i++) {
            Caller caller = callers.get(i);
            Heard heard = new Heard();
            all.add(heard);
            Mono<JsonNode> once = chain.call(server.call(i, false)).doOnError(ControlPlaneException.LeaseLost.class,
                    dead -> requestsAtDeath.add(server.requests));
            Mono<JsonNode> call = caller.patient
                    ? once.retryWhen(PAUSES.on(ControlPlaneException.class, ControlPlaneException::mayPass,
                            ControlPlaneException::retryAfter, timer, () -> 0.5))
                    : once;
            Disposable going = Mono.delay(Duration.ofMillis(caller.at), timer).then(call).subscribe(
                    body -> heard.words.add("done"),
                    failure -> heard.words.add(failure.getClass().getSimpleName()));
            Integer cancelAfter = caller.cancelAfter;
            if (cancelAfter != null) {
                timer.schedule(() -> {
                    heard.cancelled = true;
                    going.dispose();
                }, caller.at + (long) cancelAfter, TimeUnit.MILLISECONDS);
            }
        }

        pass(Duration.ofMinutes(14));

        assertThat(server.overlaps).as("a token in two requests at once").isZero();
        assertThat(server.brokenOff).as("calls broken off").isZero();
        for (int i = 0; i < callers.size(); i++) {
            assertThat(server.effects(i)).as("effects of one call").isLessThanOrEqualTo(1);
            Heard heard = all.get(i);
            assertThat(heard.words.size()).as("answers").isLessThanOrEqualTo(1);
            assertThat(heard.cancelled || heard.words.size() == 1).as("an answer for everybody").isTrue();
            assertThat(heard.words).isSubsetOf("done", "Unavailable", "Garbled", "LeaseLost");
            if (heard.words.equals(List.of("done"))) {
                assertThat(server.effects(i)).isEqualTo(1);
            }
        }
        assertThat(requestsAtDeath).as("requests after the death").allMatch(number -> number == server.requests);
        switch (chain.state()) {
            case ChainState.Ready(var token, var term, var doubted) -> {
                if (!server.lostAnAnswer()) {
                    assertThat(token.reveal()).isEqualTo(server.current());
                }
            }
            case ChainState.Dead dead -> assertThat(server.lostAnAnswer() || faults.stream()
                    .filter(fault -> fault == Fault.INVALID_BEFORE).count() > 1).isTrue();
            case ChainState.InFlight out -> throw new AssertionError("a call never ended");
            case ChainState.Ended ended -> throw new AssertionError("nobody ended the job");
        }
        // and if it has no token, the next call finds out, with one request at most
        int before = server.requests;
        Heard late = hear(chain.call(server.call(1_000, true)));
        pass(Duration.ofSeconds(50));
        if (server.lostAnAnswer()) {
            assertThat(late.words).hasSize(1).doesNotContain("done");
            assertThat(server.requests - before).isLessThanOrEqualTo(1);
        } else {
            assertThat(late.words).hasSize(1);
        }
    }

    @Provide
    Arbitrary<List<Fault>> faults() {
        return Arbitraries.frequency(Tuple.of(8, Fault.NONE), Tuple.of(2, Fault.SLOW),
                Tuple.of(2, Fault.DROP_BEFORE), Tuple.of(1, Fault.DROP_AFTER),
                Tuple.of(1, Fault.SLOW_DROP_AFTER), Tuple.of(1, Fault.ERROR_AFTER),
                Tuple.of(2, Fault.UNAVAILABLE_BEFORE), Tuple.of(1, Fault.LOOKUP_FAILED),
                Tuple.of(2, Fault.INVALID_BEFORE), Tuple.of(2, Fault.PROXY)).list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Caller>> callers() {
        return Combinators
                .combine(Arbitraries.integers().between(0, 30_000),
                        Arbitraries.integers().between(0, 25_000).injectNull(0.6), Arbitraries.of(true, false))
                .as(Caller::new).list().ofMinSize(1).ofMaxSize(8);
    }

    @Example
    void callsGoOneByOneEachWithTheNextToken() {
        TokenServer server = server();
        TokenChain chain = chain();
        List<Heard> all = IntStream.range(0, 5).mapToObj(i -> hear(chain.call(server.call(i, false)))).toList();

        assertThat(server.requests).isEqualTo(1);
        pass(Duration.ofSeconds(1));

        assertThat(all).allSatisfy(heard -> assertThat(heard.words).containsExactly("done"));
        assertThat(server.requests).isEqualTo(5);
        assertThat(server.overlaps).isZero();
        assertThat(chain.term().deadlineNanos()).isGreaterThan(JobTerms.USUAL.toNanos());
    }

    @Example
    void trap15ACancelledWaiterLetsTheCallGoOnAndTheTokenIsReplaced() {
        TokenServer server = server(Fault.SLOW);
        TokenChain chain = chain();
        Disposable waiter = chain.call(server.call(0, false)).subscribe(body -> {}, failure -> {});
        pass(Duration.ofSeconds(5));
        waiter.dispose();
        Heard next = hear(chain.call(server.call(1, false)));
        pass(Duration.ofSeconds(60));

        assertThat(server.brokenOff).isZero();
        assertThat(server.effects(0)).isEqualTo(1);
        assertThat(next.words).containsExactly("done");
    }

    @Example
    void whoeverIsCancelledBeforeItsTurnIsNeverSent() {
        TokenServer server = server(Fault.SLOW);
        TokenChain chain = chain();
        hear(chain.call(server.call(0, false)));
        Disposable second = chain.call(server.call(1, false)).subscribe(body -> {}, failure -> {});
        second.dispose();
        pass(Duration.ofSeconds(60));

        assertThat(server.requests).isEqualTo(1);
    }

    @Example
    void theLineHasABound() {
        TokenServer server = server();
        TokenChain chain = chain();
        List<Heard> all = IntStream.range(0, TokenChain.MOST_WAITING + 2)
                .mapToObj(i -> hear(chain.call(server.call(i, false)))).toList();

        assertThat(all.get(all.size() - 1).words).containsExactly("Unavailable");
        pass(Duration.ofSeconds(5));
        assertThat(all.subList(0, all.size() - 1)).allSatisfy(heard -> assertThat(heard.words).containsExactly("done"));
    }

    @Example
    void trap01AnErrorAfterTheTokenWasUsedEndsTheJobForAllWhoWait() {
        TokenServer server = server(Fault.ERROR_AFTER);
        TokenChain chain = chain();
        Heard first = hear(chain.call(server.call(0, false)));
        Heard second = hear(chain.call(server.call(1, false)));
        pass(Duration.ofSeconds(5));
        Heard third = hear(chain.call(server.call(2, false)));

        assertThat(List.of(first.words, second.words, third.words)).containsOnly(List.of("LeaseLost"));
        assertThat(server.requests).isEqualTo(1);
        assertThat(chain.isOver()).isTrue();
    }

    @Example
    void aLostAnswerIsFoundOutByTheNextCall() {
        TokenServer server = server(Fault.DROP_AFTER);
        TokenChain chain = chain();
        Heard first = hear(chain.call(server.call(0, false)));
        Heard second = hear(chain.call(server.call(1, false)));
        pass(Duration.ofSeconds(5));

        assertThat(first.words).containsExactly("Unavailable");
        assertThat(second.words).containsExactly("LeaseLost");
        assertThat(server.effects(1)).isZero();
    }

    @Example
    void trap28AnInvalidTokenIsTriedOnceMoreAndNotAThirdTime() {
        TokenServer server = server(Fault.INVALID_BEFORE, Fault.NONE, Fault.INVALID_BEFORE, Fault.INVALID_BEFORE);
        TokenChain chain = chain();
        List<List<String>> heard = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Heard one = hear(chain.call(server.call(i, false)));
            pass(Duration.ofSeconds(1));
            heard.add(one.words);
        }

        assertThat(heard).containsExactly(List.of("Unavailable"), List.of("done"), List.of("Unavailable"),
                List.of("LeaseLost"), List.of("LeaseLost"));
        assertThat(server.requests).isEqualTo(4);
    }

    @Example
    void trap21AfterTheTerminalStatusNothingIsSent() {
        TokenServer server = server();
        TokenChain chain = chain();
        Heard end = hear(chain.call(server.call(0, true)));
        Heard behind = hear(chain.call(server.call(1, false)));
        pass(Duration.ofSeconds(5));

        assertThat(end.words).containsExactly("done");
        assertThat(behind.words).containsExactly("LeaseLost");
        assertThat(chain.state()).isInstanceOf(ChainState.Ended.class);
        assertThat(chain.isForgotten(Duration.ofSeconds(10))).isTrue();
        assertThat(server.requests).isEqualTo(1);
    }

    @Example
    void trap14ATokenThatRanOutIsNotSent() {
        TokenServer server = server();
        TokenChain chain = chain();
        pass(JobTerms.USUAL);
        Heard late = hear(chain.call(server.call(0, false)));

        assertThat(late.words).containsExactly("LeaseLost");
        assertThat(server.requests).isZero();
        assertThat(chain.isForgotten(Duration.ofSeconds(10))).isFalse();
        pass(Duration.ofSeconds(10));
        assertThat(chain.isForgotten(Duration.ofSeconds(10))).isTrue();
    }

    @Example
    void aMistakeInTheCallIsAnAnswerTooAndKeepsTheToken() {
        TokenServer server = server();
        TokenChain chain = chain();
        Heard broken = hear(chain.call(new ChainCall(Operation.LOGS, false, token -> {
            throw new IllegalStateException("ours");
        })));
        Heard silent = hear(chain.call(new ChainCall(Operation.LOGS, false, token -> Mono.empty())));
        Heard next = hear(chain.call(server.call(0, false)));
        pass(Duration.ofSeconds(1));

        assertThat(broken.words).containsExactly("Unavailable");
        assertThat(silent.words).containsExactly("Unavailable");
        assertThat(next.words).containsExactly("done");
    }

    @Example
    void noTokenIsEverShown() {
        TokenChain chain = chain();

        assertThat(chain.toString() + chain.state()).doesNotContain("token-0");
    }
}
