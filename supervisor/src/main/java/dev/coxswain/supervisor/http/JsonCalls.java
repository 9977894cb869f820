package dev.coxswain.supervisor.http;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.metrics.Meters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Posts JSON to one control plane with a bearer token. An answer of any status is a {@link JsonAnswer}; everything else is
 * a {@link CallException}. One call is one request: nothing is repeated here. Counts and times every call.
 */
public final class JsonCalls {
    /** Longest answer that is read when the caller has no reason for another limit. */
    public static final int DEFAULT_MAX_ANSWER_BYTES = 4 << 20;

    /** From here on an answer is large: a millisecond of an event loop, roughly. */
    static final int LARGE_BYTES = 64 << 10;

    private static final CharSequence RATE_REMAINING = AsciiString.cached("ratelimit-remaining");
    private static final CharSequence RATE_RESET = AsciiString.cached("ratelimit-reset");
    private static final CharSequence X_RATE_REMAINING = AsciiString.cached("x-ratelimit-remaining");
    private static final CharSequence X_RATE_RESET = AsciiString.cached("x-ratelimit-reset");

    private final HttpClient.RequestSender poster;
    private final HttpClient.RequestSender getter;
    private final HttpClient.RequestSender deleter;
    private final String base;
    private final String host;
    private final int maxAnswerBytes;
    private final LongSupplier nanos;
    private final Map<String, CallMeters> meters;
    private final @Nullable Scheduler large;

    /**
     * Makes the calls of one control plane.
     *
     * @param client one of {@link HttpClients}
     * @param base URL without a trailing slash
     * @param controlPlane its name, the label {@code control_plane}
     * @param operations every operation that will be asked for; their series exist from now on
     * @param nanos the monotonic clock of {@link JsonAnswer#sentAtNanos()}
     * @param maxAnswerBytes a longer answer is an {@link AnswerTooLongException}
     */
    public JsonCalls(HttpClient client, URI base, String controlPlane, Set<String> operations, Meters meters,
            LongSupplier nanos, int maxAnswerBytes) {
        // one limit for each request, to its whole answer, and none that is shorter than it
        this.poster = client.post();
        this.getter = client.request(HttpMethod.GET);
        this.deleter = client.request(HttpMethod.DELETE);
        this.base = base.toString();
        this.host = base.getPort() < 0 ? String.valueOf(base.getHost()) : base.getHost() + ":" + base.getPort();
        this.maxAnswerBytes = maxAnswerBytes;
        this.nanos = nanos;
        this.meters = new HashMap<>();
        for (String operation : operations) {
            this.meters.put(operation, new CallMeters(meters, controlPlane, operation));
        }
        this.large = null;
    }

    private JsonCalls(JsonCalls other, Scheduler large) {
        this.poster = other.poster;
        this.getter = other.getter;
        this.deleter = other.deleter;
        this.base = other.base;
        this.host = other.host;
        this.maxAnswerBytes = other.maxAnswerBytes;
        this.nanos = other.nanos;
        this.meters = other.meters;
        this.large = large;
    }

    /** The same, but an answer of more than {@value #LARGE_BYTES} bytes is emitted there, and so read there. */
    public JsonCalls readingLargeOn(Scheduler scheduler) {
        return new JsonCalls(this, scheduler);
    }

    /** The host that is called, for messages. */
    public String host() {
        return host;
    }

    /**
     * Sends the request on subscription and emits its answer. Fails with a {@link CallException}. Cancelling closes the
     * connection and leaves open whether the server acts.
     */
    public Mono<JsonAnswer> send(JsonRequest request) {
        CallMeters meter = meters.get(request.operation());
        if (meter == null) {
            throw new IllegalArgumentException("unknown operation " + request.operation());
        }
        return Mono.defer(() -> {
            // The clock is read before a connection is waited for, so it may be early, never late: a lease that is
            // measured from here ends for us before it ends at the control plane (design section 5.3).
            long sentAt = nanos.getAsLong();
            Mono<JsonAnswer> counted = exchange(request, sentAt)
                    .timeout(request.timeout(), Mono.error(() -> new TimeoutException("no whole answer in time")))
                    .onErrorMap(failure -> explain(request, failure))
                    .doOnNext(answer -> meter.answered(answer.status(), nanos.getAsLong() - sentAt))
                    .doOnError(failure -> meter.unanswered(nanos.getAsLong() - sentAt))
                    .doOnCancel(() -> meter.unanswered(nanos.getAsLong() - sentAt));
            return (large == null ? counted : counted.flatMap(answer -> handedOver(answer, large)))
                    // the transport asks for the context again and again; without this each time up the whole chain
                    .contextWrite(Function.identity());
        });
    }

    /** The same, under the name of what it mostly is. */
    public Mono<JsonAnswer> post(JsonRequest request) {
        return send(request);
    }

    private static Mono<JsonAnswer> handedOver(JsonAnswer answer, Scheduler large) {
        Mono<JsonAnswer> here = Mono.just(answer);
        return answer.body().length <= LARGE_BYTES ? here : here.publishOn(large);
    }

    private Mono<JsonAnswer> exchange(JsonRequest request, long sentAt) {
        return switch (request.method()) {
            case POST -> post(request, sentAt);
            case GET -> bare(getter, request, sentAt);
            case DELETE -> bare(deleter, request, sentAt);
        };
    }

    private Mono<JsonAnswer> bare(HttpClient.RequestSender sender, JsonRequest request, long sentAt) {
        return sender.uri(URI.create(base + request.path())).send((call, out) -> {
            authorise(call.requestHeaders(), request);
            return out;
        }).response((answer, content) -> read(answer, content, sentAt)).single();
    }

    private static HttpHeaders authorise(HttpHeaders headers, JsonRequest request) {
        JsonRequest.Header extra = request.extra();
        if (extra != null) {
            headers.set(extra.name(), extra.value());
        }
        return headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + request.bearer());
    }

    private Mono<JsonAnswer> post(JsonRequest request, long sentAt) {
        // a text would be taken apart by regular expressions for each call
        return poster.uri(URI.create(base + request.path())).send((call, out) -> {
            authorise(call.requestHeaders(), request).set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, request.body().length);
            ByteBuf body = Unpooled.wrappedBuffer(request.body());
            return out.sendObject(body);
        }).response((answer, content) -> read(answer, content, sentAt)).single();
    }

    /** The content is released chunk by chunk as it is copied; an early end discards the rest with the connection. */
    private Mono<JsonAnswer> read(HttpClientResponse answer, ByteBufFlux content, long sentAt) {
        HttpHeaders headers = answer.responseHeaders();
        long announced = announced(headers);
        if (announced > maxAnswerBytes) {
            return Mono.error(new AnswerBytes.TooLong());
        }
        return content.reduceWith(() -> new AnswerBytes(maxAnswerBytes, announced), AnswerBytes::append)
                .map(bytes -> new JsonAnswer(answer.status().code(), bytes.toArray(),
                        headers.get(HttpHeaderNames.CONTENT_TYPE), headers.get(HttpHeaderNames.DATE),
                        headers.get(HttpHeaderNames.RETRY_AFTER), either(headers, RATE_REMAINING, X_RATE_REMAINING),
                        either(headers, RATE_RESET, X_RATE_RESET), sentAt));
    }

    private static @Nullable String either(HttpHeaders headers, CharSequence standard, CharSequence usual) {
        String value = headers.get(standard);
        return value == null ? headers.get(usual) : value;
    }

    private static long announced(HttpHeaders headers) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private CallException explain(JsonRequest request, Throwable failure) {
        String call = request.method() + " " + request.path() + " at " + host;
        if (failure instanceof AnswerBytes.TooLong) {
            return new AnswerTooLongException(call + ": the answer is longer than " + maxAnswerBytes + " bytes");
        }
        if (failure.getClass() == TimeoutException.class) {
            return new CallException(call + ": " + failure.getMessage() + " (" + request.timeout().toMillis() + " ms)",
                    failure);
        }
        return new CallException(call + ": " + name(failure), failure);
    }

    private static String name(Throwable failure) {
        @Nullable
        String message = failure.getMessage();
        return message == null
                ? failure.getClass().getSimpleName()
                : failure.getClass().getSimpleName() + ": " + message;
    }
}
