package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.FutureMono;

/** Writes answers, whole or as a fault wants it. */
final class Delivery {
    private static final int PIECES = 8;
    private static final Duration BETWEEN_PIECES = Duration.ofMillis(250);

    private final Supplier<Instant> date;
    private final LongSupplier nanos;
    private final Scheduler timer;

    Delivery(Supplier<Instant> date, LongSupplier nanos, Scheduler timer) {
        this.date = date;
        this.nanos = nanos;
        this.timer = timer;
    }

    /** Writes all of it, then tells the answer that it was delivered. */
    Mono<Void> whole(Exchange exchange, Answer answer) {
        exchange.head(answer, date.get(), answer.body().length);
        long sent = nanos.getAsLong();
        Mono<Void> written = answer.body().length == 0
                ? exchange.response.send().then()
                : exchange.response.sendObject(Unpooled.wrappedBuffer(answer.body())).then();
        return written.doOnSuccess(done -> answer.delivered().accept(sent));
    }

    /** Writes it in pieces over two seconds, then tells the answer that it was delivered. */
    Mono<Void> slow(Exchange exchange, Answer answer) {
        byte[] body = answer.body();
        if (body.length == 0) {
            return Mono.delay(BETWEEN_PIECES.multipliedBy(PIECES), timer)
                    .then(Mono.defer(() -> whole(exchange, answer)));
        }
        exchange.head(answer, date.get(), body.length);
        int pieces = Math.min(PIECES, body.length);
        Flux<ByteBuf> parts = Flux.range(0, pieces).concatMap(i -> Mono.delay(BETWEEN_PIECES, timer)
                .map(tick -> piece(body, body.length * i / pieces, body.length * (i + 1) / pieces)), 1);
        return exchange.response.send(parts, part -> true).then()
                .doOnSuccess(done -> answer.delivered().accept(nanos.getAsLong()));
    }

    /** Writes the first half of it, then closes the connection. */
    Mono<Void> truncated(Exchange exchange, Answer answer) {
        byte[] body = answer.body();
        exchange.head(answer, date.get(), body.length + 1);
        Flux<ByteBuf> half = Flux.just(0).map(i -> piece(body, 0, body.length / 2)).concatWith(
                Mono.<ByteBuf>empty().then(Mono.defer(() -> close(exchange))).then(Mono.<ByteBuf>never()));
        return exchange.response.send(half, part -> true).then();
    }

    /** Resets the connection; never completes, because the connection's end cancels it. */
    Mono<Void> reset(Exchange exchange) {
        return Mono.defer(() -> {
            exchange.channel.config().setOption(ChannelOption.SO_LINGER, 0);
            return close(exchange).then(Mono.never());
        });
    }

    private static Mono<Void> close(Exchange exchange) {
        return FutureMono.deferFuture(() -> exchange.channel.close());
    }

    private static ByteBuf piece(byte[] body, int from, int to) {
        return Unpooled.copiedBuffer(body, from, to - from);
    }
}
