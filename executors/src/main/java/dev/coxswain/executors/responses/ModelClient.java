package dev.coxswain.executors.responses;

import java.io.ByteArrayOutputStream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Sends one request to the model server: {@code POST {baseUrl}/responses}. One call is one request; nothing is repeated
 * here. Redirects are not followed: a credential goes along.
 */
final class ModelClient {
    /** A longer answer is refused. */
    static final int MAX_ANSWER_BYTES = 16 << 20;
    /** Of a longer error only the status is told. */
    private static final int MAX_ERROR_BYTES = 64 << 10;

    private final HttpClient.RequestSender poster;
    private final String uri;
    private final ResponsesConfig config;
    private final ReplyReader replies;
    private final Scheduler scheduler;

    /** @param scheduler measures the time limit, and reads answers so that no event loop is held up by a long one */
    ModelClient(HttpClient client, ResponsesConfig config, ReplyReader replies, Scheduler scheduler) {
        // our own time limit covers the whole answer; a model may be silent for minutes before it begins one
        this.poster = client.disableRetry(true).followRedirect(false).responseTimeout(null).post();
        this.uri = config.baseUrl() + "/responses";
        this.config = config;
        this.replies = replies;
        this.scheduler = scheduler;
    }

    /**
     * Emits the answer. Fails with a {@link ModelException} only. Cancelling closes the connection at once.
     *
     * @param referred whether the request names an earlier answer
     */
    Mono<ModelReply> post(byte[] body, boolean referred) {
        return exchange(body).onErrorMap(failure -> !(failure instanceof ModelException), this::broken)
                .timeout(config.callTimeout(), Mono.error(this::late), scheduler)
                .publishOn(scheduler).map(answer -> replies.read(answer, referred));
    }

    private Mono<byte[]> exchange(byte[] body) {
        return poster.uri(uri).send((request, out) -> {
            HttpHeaders headers = request.requestHeaders();
            headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json").set(HttpHeaderNames.ACCEPT,
                    "application/json").setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
            String key = config.apiKey();
            if (key != null) {
                headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + key);
            }
            ByteBuf content = Unpooled.wrappedBuffer(body);
            return out.sendObject(content);
        }).response((answer, content) -> answer.status().code() / 100 == 2
                ? read(content, MAX_ANSWER_BYTES)
                : read(content, MAX_ERROR_BYTES).onErrorReturn(new byte[0])
                        .flatMap(error -> Mono.<byte[]>error(refused(answer, replies.errorCode(error)))))
                .single();
    }

    private static Mono<byte[]> read(ByteBufFlux content, int most) {
        return content.asByteArray().reduceWith(ByteArrayOutputStream::new, (whole, part) -> {
            if (part.length > most - whole.size()) {
                throw new ModelException(CallResult.GARBLED,
                        "the model server's answer is longer than " + (most >> 20) + " MiB");
            }
            whole.writeBytes(part);
            return whole;
        }).map(ByteArrayOutputStream::toByteArray);
    }

    /**
     * Tells status and code only: the text that a server writes beside them may quote the key or the conversation. Nor is
     * its address told: the message is read by the job's owner, whose the server is not.
     */
    private ModelException refused(HttpClientResponse answer, String code) {
        int status = answer.status().code();
        HttpHeaders headers = answer.responseHeaders();
        CallResult result = status == 429
                ? CallResult.RATE_LIMITED
                : status == 408 || status >= 500 ? CallResult.UNAVAILABLE : CallResult.REFUSED;
        return new ModelException(result, status,
                RetryPauses.wish(headers.get(HttpHeaderNames.RETRY_AFTER), headers.get(HttpHeaderNames.DATE)),
                "the model server answered with status " + status
                        + (code.isEmpty() || quotesTheKey(code) ? "" : " (" + code + ")")
                        + meaning(status));
    }

    private boolean quotesTheKey(String code) {
        String key = config.apiKey();
        return key != null && (key.contains(code) || code.contains(key));
    }

    private static String meaning(int status) {
        return switch (status) {
            case 401, 403 -> ", which says that the API key is not accepted";
            case 404 -> ", which says that it does not know the address or the model";
            case 413 -> ", which says that the conversation is too long";
            case 429 -> ", which says that it is asked too often";
            default -> "";
        };
    }

    /** Whatever else the HTTP client reports is the connection's: not made, refused, broken, cut in the middle. */
    private ModelException broken(Throwable failure) {
        return new ModelException(CallResult.UNAVAILABLE,
                "no answer of the model server (" + failure.getClass().getSimpleName() + ")");
    }

    private ModelException late() {
        return new ModelException(CallResult.TIMED_OUT, "the model server did not answer within "
                + config.callTimeout().toSeconds() + " s");
    }
}
