package dev.coxswain.supervisor.simulator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.netty.handler.codec.http.HttpHeaderNames;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Takes every request: finds its target, throws the dice, lets it be answered, delivers, and keeps the ledger. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int[] SERVER_ERRORS = {500, 502, 503, 504};
    private static final Duration STILL_THERE = Duration.ofMillis(100);

    private final SimulatorConfig config;
    private final Ledger ledger;
    private final Tokens tokens;
    private final ObjectStore objects;
    private final FaultDice dice;
    private final Router router;
    private final StoreEndpoint store;
    private final SecretScan secrets;
    private final Delivery delivery;
    private final SimulatorPages pages;
    private final Scheduler timer;
    private final Runnable restart;

    /**
     * @param timer runs the delays of faults
     * @param restart begins a restart and returns at once
     */
    Dispatcher(SimulatorContext context, FaultDice dice, Map<String, SimulatedControlPlane> planes, Scheduler timer,
            Runnable restart) {
        this.config = context.config();
        this.ledger = context.ledger();
        this.tokens = context.tokens();
        this.objects = context.store();
        this.dice = dice;
        this.timer = timer;
        this.restart = restart;
        router = new Router(planes);
        store = new StoreEndpoint(objects, ledger);
        secrets = new SecretScan(tokens, ledger, router::leaks);
        delivery = new Delivery(context::now, config.clock()::nanos, timer);
        pages = new SimulatorPages(context);
    }

    /** Handles one request; an error of ours is a 500 and stands in the ledger. */
    Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        long arrived = config.clock().nanos();
        String uri = request.uri();
        Router.Target target = router.find(request.method().name(), Exchange.path(uri));
        String bearerOf = tokens.holder(Call.bearer(request.requestHeaders()));
        String holder = bearerOf != null
                ? bearerOf
                : router.holder(request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION, ""));
        if (uri.startsWith(SimulatorPages.BASE)) {
            Exchange calm = new Exchange(request, response, target, FaultDice.Draw.NONE, arrived, holder);
            return delivery.whole(calm, pages.answer(request.method().name(), uri));
        }
        FaultProfile.Scope area = target instanceof Router.Target.Store
                ? FaultProfile.Scope.STORE
                : FaultProfile.Scope.CALLS;
        Exchange exchange = new Exchange(request, response, target, dice.next(area, arrived), arrived, holder);
        secrets.head(exchange);
        enterFaults(exchange);
        LeaseCall lease = countLease(exchange);
        Mono<Void> handled = Mono.defer(() -> fate(exchange, lease == null
                ? answer(exchange)
                : answer(exchange).doOnNext(answer -> ledger.leaseCallEnds(lease))));
        Mono<Void> late = exchange.draw.delay().isZero()
                ? handled
                : Mono.delay(exchange.draw.delay(), timer).then(handled);
        return (lease == null ? late : late.doOnSuccess(done -> judgeOverlap(exchange, lease))).doFinally(end -> {
            if (lease != null) {
                ledger.leaseCallEnds(lease);
            }
            finish(exchange);
        });
    }

    /**
     * An overlapped request is a violation if its client is still there a moment after the answer. The moment is one
     * tick of the timer that outlives the exchange, because Reactor Netty ends that with the answer; it holds nothing
     * else, so it needs no owner.
     */
    private void judgeOverlap(Exchange exchange, LeaseCall lease) {
        if (lease.overlapped()) {
            timer.schedule(() -> {
                if (exchange.channel.isActive()) {
                    ledger.leaseCallOverlapped(lease);
                }
            }, STILL_THERE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private Mono<Answer> answer(Exchange exchange) {
        Mono<Answer> answer = switch (exchange.target) {
            case Router.Target.Store to -> store.answer(exchange.request, exchange.arrivedNanos);
            case Router.Target.Endpoint to -> call(exchange, to);
            case Router.Target.Nothing to -> exchange.request.receive().then(Mono.just(to.answer()));
        };
        // a broken connection is the client's affair; everything else is ours
        return answer.onErrorResume(e -> !(e instanceof IOException || e instanceof AbortedException), e -> {
            ledger.violation(Violation.SIMULATOR_ERROR, exchange.target.protocol(), exchange.kind().label(),
                    e.toString());
            LOG.error("the simulator failed: {} {}", exchange.target.protocol(), exchange.kind().label(), e);
            return Mono.just(Answer.error(500, "the simulator failed"));
        });
    }

    private Mono<Answer> call(Exchange exchange, Router.Target.Endpoint to) {
        Route.StreamHandler stream = to.route().stream();
        if (stream != null) {
            return stream.handle(call(exchange, to, new byte[0]), exchange.request.receive());
        }
        return BodyReader.read(exchange.request, to.route().maxBody()).flatMap(body -> {
            secrets.body(exchange, to.route().bodyMayHoldToken(), new String(body, StandardCharsets.UTF_8));
            return to.route().handler().handle(call(exchange, to, body));
        }).onErrorResume(BodyReader.TooLargeException.class,
                e -> Mono.just(
                        to.plane().plane().error(413, "the body is larger than " + to.route().maxBody() + " bytes")));
    }

    private static Call call(Exchange exchange, Router.Target.Endpoint to, byte[] body) {
        return new Call(exchange.request.method().name(), exchange.request.uri(), exchange.kind(), to.params(),
                exchange.request.requestHeaders(), body, exchange.arrivedNanos,
                exchange.draw.fault() == Fault.LEASE_STOLEN, exchange.draw.spoilsAnswer());
    }

    /** What becomes of a request: the drawn fault decides whether it is processed, and how the answer is delivered. */
    private Mono<Void> fate(Exchange exchange, Mono<Answer> answer) {
        Fault fault = exchange.draw.fault();
        if (fault == null) {
            return answer.flatMap(
                    done -> done.cut() ? delivery.truncated(exchange, done) : delivery.whole(exchange, done));
        }
        double luck = exchange.draw.luck();
        return switch (fault) {
            case LATENCY, CLOCK_SKEW, LEASE_STOLEN -> answer.flatMap(done -> delivery.whole(exchange, done));
            case SERVER_ERROR -> instead(exchange,
                    Answer.error(SERVER_ERRORS[(int) (luck * SERVER_ERRORS.length)], "simulated failure"));
            case TOO_MANY_REQUESTS -> instead(exchange,
                    Answer.error(429, "slow down").withHeader("Retry-After", String.valueOf((int) (luck * 3))));
            case RESET_BEFORE -> delivery.reset(exchange);
            case RESET_AFTER -> answer.flatMap(done -> delivery.reset(exchange));
            case SLOW_BODY -> answer.flatMap(done -> delivery.slow(exchange, done));
            case TRUNCATED -> answer.flatMap(done -> delivery.truncated(exchange, done));
            case NON_JSON -> exchange.draw.gatewayError()
                    ? instead(exchange, Answer.html(502))
                    : answer.flatMap(done -> delivery.whole(exchange, Answer.html(200)));
            case BLACK_HOLE -> Mono.delay(config.faults().blackHole(), timer).then(delivery.reset(exchange));
            case RESTART -> Mono.<Void>fromRunnable(restart).then(Mono.never());
        };
    }

    /** Reads the request to its end and answers without a look at it. */
    private Mono<Void> instead(Exchange exchange, Answer answer) {
        return exchange.request.receive().then(Mono.defer(() -> delivery.whole(exchange, answer)));
    }

    /**
     * Counts a request in that must be the only one of its kind, unless a fault keeps it from an answer: nobody can know
     * when its client gave up.
     */
    private @Nullable LeaseCall countLease(Exchange exchange) {
        Fault fault = exchange.draw.fault();
        boolean processed = fault == null || fault == Fault.SLOW_BODY || fault == Fault.LEASE_STOLEN;
        String alone = processed && exchange.target instanceof Router.Target.Endpoint to ? alone(exchange, to) : null;
        return alone == null ? null : ledger.leaseCallBegins(exchange.target.protocol(), alone);
    }

    private static @Nullable String alone(Exchange exchange, Router.Target.Endpoint to) {
        return exchange.kind() == CallKind.LEASE
                ? exchange.holder
                : to.plane().plane().oneAtATime(exchange.authorization());
    }

    private void enterFaults(Exchange exchange) {
        if (!exchange.draw.delay().isZero()) {
            ledger.fault(Fault.LATENCY);
        }
        Fault fault = exchange.draw.fault();
        if (fault != null && fault != Fault.RESTART) {
            ledger.fault(fault);
        }
        if (exchange.faulted()) {
            ledger.excuse(exchange.holder);
            if (exchange.kind() == CallKind.PUT) {
                objects.owner(exchange.request.uri()).ifPresent(o -> ledger.excuse(o.job(), o.lease()));
            }
        }
    }

    private void finish(Exchange exchange) {
        if (exchange.faulted()) {
            // again at its end: a lease that was granted meanwhile is excused as well
            ledger.excuse(exchange.holder);
        }
        ledger.request(exchange.target.protocol(),
                exchange.entry(config.clock().nanos(), tokens.leaksToken(exchange.request.uri())
                        || tokens.leaksGrant(exchange.request.uri())));
    }
}
