package dev.coxswain.supervisor.functions;

import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

import javax.net.ssl.SSLHandshakeException;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import dev.coxswain.supervisor.http.Failures;
import dev.coxswain.supervisor.http.RetryPolicy;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.timeout.ReadTimeoutException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests to a Coderunner: three headers, one envelope, and who may be asked again (contract coderunner 2, 3, 13). No redirect
 * is followed.
 */
final class CoderunnerHttp {
    /** Between two pieces of an answer. */
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final RetryPolicy RETRIES = new RetryPolicy(4, Duration.ofMillis(500), Duration.ofSeconds(10));
    private static final Duration LONG = Duration.ofSeconds(3);
    private static final Set<Integer> PASSING = Set.of(429, 502, 503, 504);
    /** A result of 1 MiB with its envelope, written as escapes. */
    private static final int MOST_BYTES = 16 << 20;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int MOST_CHARS = 500;
    /** Names the execution, whatever became of it. */
    private static final String EXECUTION = "x-coderunner-execution-id";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI base;
    private final Identity identity;
    private final Tokens tokens;
    private final Scheduler timer;
    private final DoubleSupplier random;
    private final Consumer<String> progress;
    private final HttpClient client;

    /**
     * @param base without a slash at its end
     * @param progress told when the server is asked again only after a while
     */
    CoderunnerHttp(URI base, Identity identity, Tokens tokens, Scheduler timer, DoubleSupplier random,
            Consumer<String> progress) {
        this.base = base;
        this.identity = identity;
        this.tokens = tokens;
        this.timer = timer;
        this.random = random;
        this.progress = progress;
        this.client = HttpClient.newConnection().followRedirect(false).disableRetry(true).responseTimeout(SILENCE)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    }

    /** What goes along with a request. */
    private sealed interface Body {
        record Nothing() implements Body {}

        record Json(JsonNode json) implements Body {}

        record Call(JsonNode json) implements Body {}

        record Form(MultipartBody form) implements Body {}
    }

    /** The {@code data} of the answer. */
    Mono<JsonNode> get(String path) {
        return repeated(HttpMethod.GET, base + path, new Body.Nothing(), SILENCE, CoderunnerHttp::mayAskAgain);
    }

    Mono<JsonNode> post(String path, JsonNode body) {
        return repeated(HttpMethod.POST, base + path, new Body.Json(body), SILENCE, CoderunnerHttp::mayPostAgain);
    }

    /**
     * To an address that the server named, where the user's code answers: an answer of another form is its text.
     *
     * @param silence how long it may take
     */
    Mono<JsonNode> call(URI address, JsonNode body, Duration silence) {
        return repeated(HttpMethod.POST, address.toString(), new Body.Call(body), silence,
                CoderunnerHttp::mayPostAgain);
    }

    Mono<JsonNode> upload(String path, MultipartBody form) {
        return repeated(HttpMethod.POST, base + path, new Body.Form(form), SILENCE, CoderunnerHttp::mayPostAgain);
    }

    /** A question does no harm when it is asked twice. */
    private static boolean mayAskAgain(CoderunnerException failure) {
        return failure.status() == 0 ? failure.kind() != Kind.USAGE : PASSING.contains(failure.status());
    }

    /** Only what surely was not done. */
    private static boolean mayPostAgain(CoderunnerException failure) {
        return failure.kind() == Kind.UNSENT
                || ((failure.status() == 429 || failure.status() == 503) && failure.retryAfter() != null);
    }

    private Mono<JsonNode> repeated(HttpMethod method, String uri, Body body, Duration silence,
            Predicate<CoderunnerException> again) {
        Mono<JsonNode> once = Mono.defer(() -> attempt(method, uri, body, silence));
        return once.onErrorResume(CoderunnerException.class,
                e -> e.status() == 401 && tokens.renew() ? once : Mono.error(e))
                .retryWhen(
                        RETRIES.on(CoderunnerException.class, again, this::pause, timer, random));
    }

    /** The server's wish; somebody may wait for it in front of a screen. */
    private @Nullable Duration pause(CoderunnerException failure) {
        Duration wish = failure.retryAfter();
        if (wish != null && wish.compareTo(LONG) >= 0) {
            progress.accept(
                    failure.getMessage() + "; asking again in " + wish.toSeconds() + " s, as the server wishes");
        }
        return wish;
    }

    private Mono<JsonNode> attempt(HttpMethod method, String uri, Body body, Duration silence) {
        HttpClient request = client.responseTimeout(silence).headers(headers -> {
            headers.set("Accept", "application/json");
            headers.set("Authorization", "Bearer " + tokens.token().reveal());
            headers.set("x-client-key", identity.workspace());
            headers.set("x-userid", identity.user());
            switch (body) {
                case Body.Nothing nothing -> headers.remove("Content-Type");
                case Body.Json json -> headers.set("Content-Type", "application/json");
                case Body.Call call -> headers.set("Content-Type", "application/json");
                case Body.Form(MultipartBody form) -> {
                    headers.set("Content-Type", form.contentType());
                    headers.set("Content-Length", form.length());
                }
            }
        });
        HttpClient.RequestSender sender = request.request(method).uri(uri);
        HttpClient.ResponseReceiver<?> sent = switch (body) {
            case Body.Nothing nothing -> sender;
            case Body.Json(JsonNode json) -> sender.send(ByteBufFlux.fromString(Mono.fromSupplier(json::toString)));
            case Body.Call(JsonNode json) -> sender.send(ByteBufFlux.fromString(Mono.fromSupplier(json::toString)));
            case Body.Form(MultipartBody form) -> sender.send((outgoing, out) -> out.send(form.bytes()));
        };
        return sent.response((response, content) -> text(content).map(text -> data(response, text, body)).flux())
                .single()
                .onErrorMap(failure -> failure instanceof CoderunnerException ? failure : explained(uri, failure));
    }

    private Mono<String> text(ByteBufFlux body) {
        return body.asByteArray().reduceWith(ByteArrayOutputStream::new, (all, piece) -> {
            if (all.size() + piece.length > MOST_BYTES) {
                throw new CoderunnerException(Kind.FAILED, base + " answered with more than " + MOST_BYTES + " bytes");
            }
            all.writeBytes(piece);
            return all;
        }).map(all -> all.toString(StandardCharsets.UTF_8));
    }

    /** Success is a status of 2xx and no {@code success} that is false; without that key the answer is the data. */
    private JsonNode data(HttpClientResponse response, String text, Body asked) {
        int status = response.status().code();
        JsonNode root = parsed(text);
        boolean enveloped = root != null && root.has("success");
        if (status / 100 == 2 && root != null && (!enveloped || root.path("success").asBoolean(false))) {
            return enveloped ? root.path("data") : root;
        }
        if (status / 100 == 2 && root == null && asked instanceof Body.Call) {
            return JSON.stringNode(text);
        }
        if (status / 100 == 2 && root == null) {
            throw new CoderunnerException(Kind.UNCLEAR,
                    base + " did not answer as a Coderunner does; is this its address?",
                    status, null);
        }
        throw new CoderunnerException(kind(status), refusal(status, said(root)), status, null, Failures
                .retryAfter(response.responseHeaders().get("Retry-After"), Instant.ofEpochMilli(
                        timer.now(TimeUnit.MILLISECONDS))))
                .of(response.responseHeaders().get(EXECUTION));
    }

    /** A 5xx may come from something between us, after it was done. */
    private static Kind kind(int status) {
        return switch (status) {
            case 400, 401, 403, 404, 413, 415 -> Kind.USAGE;
            case 500, 502, 504 -> Kind.UNCLEAR;
            default -> Kind.FAILED;
        };
    }

    private String refusal(int status, String said) {
        if (status / 100 == 3) {
            return base + " answers with a redirect (" + status
                    + "), which is not followed; name the address it leads to";
        }
        String what = status / 100 == 2 ? "" : " (status " + status + ")";
        return (said.isEmpty() ? base + " refused" : said) + what
                + (status == 401 ? "; is the token the one of this Coderunner?" : "");
    }

    /** Ours and Coderunner's say {@code message}, a Control Plane {@code detail}. */
    private static String said(@Nullable JsonNode root) {
        if (root == null) {
            return "";
        }
        Function<String, String> text = name -> root.path(name).asString("").replaceAll("\\p{Cntrl}+", " ").strip();
        String message = text.apply("message").isEmpty() ? text.apply("detail") : text.apply("message");
        return message.length() > MOST_CHARS ? message.substring(0, MOST_CHARS) + "…" : message;
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            return root.isObject() || root.isArray() ? root : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    private static CoderunnerException explained(String uri, Throwable failure) {
        URI address = URI.create(uri);
        String where = address.getScheme() + "://" + address.getRawAuthority();
        return switch (failure) {
            case ConnectTimeoutException e ->
                new CoderunnerException(Kind.UNSENT, where + " does not answer: no connection within 10 s", 0, e);
            case ConnectException e -> new CoderunnerException(Kind.UNSENT, "nobody listens at " + where, 0, e);
            case UnknownHostException e ->
                new CoderunnerException(Kind.UNSENT, where + ": this host name is unknown", 0, e);
            case SSLHandshakeException e ->
                new CoderunnerException(Kind.USAGE, where + ": no encrypted connection: " + e.getMessage(), 0, e);
            case ReadTimeoutException e ->
                new CoderunnerException(Kind.UNCLEAR, where + " did not answer in time", 0, e);
            default -> new CoderunnerException(Kind.UNCLEAR, where + ": the answer was lost ("
                    + failure.getClass().getSimpleName() + ")", 0, failure);
        };
    }
}
