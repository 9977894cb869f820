package dev.coxswain.supervisor.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.AdminException.Kind;
import dev.coxswain.supervisor.controlplane.Secret;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.timeout.ReadTimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.http.client.PrematureCloseException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests and answers on the wire: no redirect is followed, every answer has a bound, every failure says what to do. */
final class AdminHttp {
    private static final int MOST_BYTES = 16 << 20;
    private static final int CONNECT_MILLIS = 5_000;
    /** Between two pieces of an answer; whoever follows hears a comment every 15 s. */
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final AdminAddress address;
    private final HttpClient client;
    private final boolean hasToken;

    AdminHttp(AdminAddress address, @Nullable Secret token) {
        this.address = address;
        this.hasToken = token != null;
        this.client = HttpClient.newConnection().followRedirect(false).responseTimeout(SILENCE)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS).headers(headers -> {
                    headers.set("Accept", "application/json");
                    if (token != null) {
                        headers.set("Authorization", "Bearer " + token.reveal());
                    }
                });
    }

    AdminAddress address() {
        return address;
    }

    Mono<String> get(String path) {
        return explained(client.get().uri(uri(path)).response(this::whole)).single();
    }

    Mono<String> post(String path, Map<String, String> fields) {
        Mono<String> body = Mono.fromSupplier(() -> JSON.writeValueAsString(fields));
        return explained(client.headers(headers -> headers.set("Content-Type", "application/json"))
                .request(HttpMethod.POST).uri(uri(path)).send(ByteBufFlux.fromString(body)).response(this::whole))
                .single();
    }

    Flux<byte[]> bytes(String path) {
        return explained(client.get().uri(uri(path)).response((response, body) -> response.status().code() == 200
                ? body.asByteArray()
                : refused(response, body).cast(byte[].class).flux()));
    }

    Flux<EventParser.Event> events(String path) {
        return explained(client.headers(headers -> headers.set("Accept", "text/event-stream")).get().uri(uri(path))
                .response((response, body) -> {
                    EventParser parser = new EventParser();
                    return response.status().code() == 200
                            ? body.asByteArray().concatMapIterable(parser::next)
                            : refused(response, body).cast(EventParser.Event.class).flux();
                }));
    }

    <T> T read(String json, Class<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JacksonException e) {
            throw strange(e);
        }
    }

    Page page(String json) {
        JsonNode page = read(json, JsonNode.class);
        if (!page.path("items").isArray() || !page.path("page").isInt() || !page.path("pages").isInt()
                || !page.path("total").isInt()) {
            throw strange(null);
        }
        List<JsonNode> items = new ArrayList<>();
        page.get("items").forEach(items::add);
        return new Page(items, page.get("page").intValue(), page.get("pages").intValue(),
                page.get("total").intValue());
    }

    private AdminException strange(@Nullable Throwable cause) {
        return new AdminException(Kind.FAILED,
                where() + " did not answer as the admin API does; is this address the supervisor's?", cause);
    }

    private String uri(String path) {
        return address.uri() + "/api/v1/" + path;
    }

    /** The answer as text; a reload that was refused is one as well, if it says so itself. */
    private Flux<String> whole(HttpClientResponse response, ByteBufFlux body) {
        int status = response.status().code();
        return (status / 100 == 2 ? text(body) : status == 422 ? text(body) : refused(response, body)).flux();
    }

    private Mono<String> text(ByteBufFlux body) {
        return body.asByteArray().reduceWith(ByteArrayOutputStream::new, (all, piece) -> {
            if (all.size() + piece.length > MOST_BYTES) {
                throw new AdminException(Kind.FAILED, where() + " answered with more than " + MOST_BYTES + " bytes");
            }
            all.writeBytes(piece);
            return all;
        }).map(all -> all.toString(StandardCharsets.UTF_8));
    }

    private Mono<String> refused(HttpClientResponse response, ByteBufFlux body) {
        int status = response.status().code();
        return text(body).onErrorReturn("").map(AdminHttp::detail)
                .flatMap(detail -> Mono.error(refusal(status, detail)));
    }

    private static String detail(String body) {
        try {
            return TextWidth.clean(JSON.readValue(body, Answers.Problem.class).detail());
        } catch (JacksonException e) {
            return "";
        }
    }

    private AdminException refusal(int status, String detail) {
        String said = detail.isEmpty() ? "status " + status : detail;
        if (status / 100 == 3) {
            return new AdminException(Kind.FAILED, where() + " answered with a redirect (" + status
                    + "), which is not followed; name the address that it leads to with --admin");
        }
        if (status == 401) {
            return new AdminException(Kind.USAGE, where() + (hasToken
                    ? " does not accept this token; is the file of --token-file or COX_ADMIN_TOKEN_FILE the one of "
                            + "supervisor.admin.tokenFile?"
                    : " wants a token; name its file with --token-file or COX_ADMIN_TOKEN_FILE"));
        }
        if (status == 404 && detail.isEmpty()) {
            return strange(null);
        }
        return new AdminException(status / 100 == 4 && status != 409 ? Kind.USAGE : Kind.FAILED,
                status / 100 == 4 ? said : where() + " could not answer: " + said);
    }

    private <T> Flux<T> explained(Flux<T> answer) {
        return answer.onErrorMap(failure -> failure instanceof AdminException ? failure : explain(failure));
    }

    private AdminException explain(Throwable failure) {
        return switch (failure) {
            case ConnectTimeoutException e -> new AdminException(Kind.FAILED,
                    where() + " does not answer: no connection within 5 s", e);
            case ConnectException e -> new AdminException(Kind.GONE,
                    "nobody listens at " + where() + "; is `cox run` running?", e);
            case UnknownHostException e -> new AdminException(Kind.FAILED, where() + ": this host name is unknown", e);
            case ReadTimeoutException e -> new AdminException(Kind.FAILED,
                    where() + " said nothing for " + SILENCE.toSeconds() + " s", e);
            case PrematureCloseException e -> new AdminException(Kind.GONE,
                    where() + " closed the connection before it answered; has the supervisor ended?", e);
            case SSLException e -> new AdminException(Kind.FAILED,
                    where() + ": no encrypted connection: " + e.getMessage(), e);
            case IOException e ->
                new AdminException(Kind.GONE, where() + ": the connection broke: " + e.getMessage(), e);
            default -> new AdminException(Kind.FAILED, where() + ": " + failure, failure);
        };
    }

    private String where() {
        return address.uri() + " (" + address.source() + ")";
    }

    /** One page of a listing. */
    record Page(List<JsonNode> items, int page, int pages, int total) {
        int size() {
            return items.size();
        }
    }
}
