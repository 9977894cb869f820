package dev.coxswain.supervisor.coderunner;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.coderunner.access.Access;
import dev.coxswain.supervisor.coderunner.access.Verdict;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** Finds the endpoint of a request and who calls; every failure becomes an answer with the envelope. */
final class Router {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    /** After which a client may look whether somebody has made room. */
    private static final int FULL_SECONDS = 10;

    private static final Pattern ADDRESS = Pattern.compile("^https?://[^/?#]*", Pattern.CASE_INSENSITIVE);

    private final List<Route> routes;
    private final FunctionRoutes functions;
    private final Access access;

    /** @param functions answers everything below {@code /fn/} */
    Router(List<Route> routes, FunctionRoutes functions, Access access) {
        this.routes = List.copyOf(routes);
        this.functions = functions;
        this.access = access;
    }

    /** Emits the answer, always. */
    Mono<Reply> answer(HttpServerRequest request) {
        return Mono.defer(() -> {
            QueryStringDecoder uri = new QueryStringDecoder(target(request.uri()));
            return uri.rawPath().startsWith(FunctionRoutes.ROOT)
                    ? functions.answer(request, uri)
                    : routed(request, uri);
        }).onErrorResume(Refusal.class, refusal -> Mono.just(JsonReply.refused(refusal))).onErrorResume(failure -> {
            String path = request.uri().split("\\?", 2)[0];
            if (NoRoom.is(failure)) {
                LOG.error("no room on the disk, a request was answered with 503: {} {}: {}", request.method(), path,
                        failure.toString());
                return Mono.just(JsonReply.refused(Refusal.unavailable("the server's disk is full", FULL_SECONDS)));
            }
            LOG.error("a request failed and was answered with 500: {} {}", request.method(), path, failure);
            return Mono.just(JsonReply.refused(Refusal.internal()));
        });
    }

    /** What a proxy is asked by a whole address, a server is asked by a path; both are to be taken (RFC 9112, 3.2.2). */
    private static String target(String uri) {
        String target = uri.startsWith("/") ? uri : ADDRESS.matcher(uri).replaceFirst("");
        return target.startsWith("?") || target.isEmpty() ? "/" + target : target;
    }

    private Mono<Reply> routed(HttpServerRequest request, QueryStringDecoder uri) {
        List<String> path = segments(uri.rawPath());
        // as GET, and the connection leaves the body out
        HttpMethod method = request.method().equals(HttpMethod.HEAD) ? HttpMethod.GET : request.method();
        Set<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> variables = route.match(path);
            if (variables != null && route.method().equals(method)) {
                return caller(route, request).flatMap(caller -> route.answer()
                        .apply(new Call(request, variables, query(uri), caller.orElse(null))));
            }
            if (variables != null) {
                allowed.add(route.method().name());
            }
        }
        // whoever has no business here learns of no path either
        return identified(access.checkApi(request.requestHeaders())).flatMap(caller -> Mono.error(allowed.isEmpty()
                ? Refusal.notFound("path")
                : Refusal.wrongMethod(String.join(", ", allowed))));
    }

    private Mono<Optional<Caller>> caller(Route route, HttpServerRequest request) {
        return route.isOpen()
                ? Mono.just(Optional.empty())
                : identified(access.checkApi(request.requestHeaders())).map(Optional::of);
    }

    /** Who calls; fails with a {@link Refusal}. */
    static Mono<Caller> identified(Mono<Verdict> looked) {
        return looked.flatMap(verdict -> switch (verdict) {
            case Verdict.Accepted(var tenant, var user) -> Mono.just(new Caller(tenant, user));
            case Verdict.Refused(var status, var message) -> Mono.error(switch (status) {
                case 400 -> Refusal.invalid(message);
                case 401 -> Refusal.unauthorized(message);
                case 403 -> Refusal.forbidden(message);
                default -> Refusal.unavailable(message, 5);
            });
        });
    }

    private static List<String> segments(String rawPath) {
        try {
            // a plus is itself in a path; the decoder would make it a space as in a form
            return Stream.of(rawPath.substring(1).split("/", -1))
                    .map(part -> QueryStringDecoder.decodeComponent(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw Refusal.invalid("the path can't be decoded");
        }
    }

    private static Map<String, String> query(QueryStringDecoder uri) {
        Map<String, String> query = new HashMap<>();
        try {
            uri.parameters().forEach((name, values) -> {
                if (values.size() > 1 || query.putIfAbsent(name.toLowerCase(Locale.ROOT), values.get(0)) != null) {
                    throw Refusal.invalid("a query parameter is given twice");
                }
            });
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("the query can't be decoded");
        }
        return query;
    }
}
