package dev.coxswain.supervisor.admin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.QueryStringDecoder;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** The table of routes below {@code /api/v1}: which answer belongs to a method and a path. */
final class Router {
    static final String KEY = "{key}";

    private static final String ROOT = "/api/v1/";

    private final List<Route> routes = new ArrayList<>();

    /** What may be read; {@code path} may have one {@link #KEY}. */
    Router get(String path, Function<Call, Mono<Reply>> answer) {
        return add(HttpMethod.GET, path, answer);
    }

    /** What changes something; its body may have these fields. */
    Router post(String path, Set<String> fields, Change answer) {
        return add(HttpMethod.POST, path,
                call -> Body.read(call.request(), fields).flatMap(body -> answer.carryOut(call, body)));
    }

    private Router add(HttpMethod method, String path, Function<Call, Mono<Reply>> answer) {
        routes.add(new Route(method, path, List.of(path.split("/")), answer));
        return this;
    }

    /** Answers the request, or throws or fails with a {@link Refusal}. */
    Mono<Reply> answer(HttpServerRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        List<String> path = segments(uri.rawPath());
        List<Route> here = routes.stream().filter(route -> route.leadsTo(path)).toList();
        if (here.isEmpty()) {
            throw unknownPath();
        }
        Route route = here.stream().filter(each -> each.method().equals(request.method())).findFirst()
                .orElseThrow(() -> wrongMethod(here));
        return route.answer().apply(new Call(request, uri, route.key(path)));
    }

    private static Refusal wrongMethod(List<Route> here) {
        String allowed = here.stream().map(route -> route.method().name()).collect(Collectors.joining(", "));
        return new Refusal(405, "method_not_allowed", "only " + allowed + " here", Map.of("Allow", allowed));
    }

    private List<String> segments(String rawPath) {
        if (!rawPath.startsWith(ROOT)) {
            throw unknownPath();
        }
        try {
            // a plus is itself in a path; the decoder would make it a space as in a form
            return List.of(rawPath.substring(ROOT.length()).split("/", -1)).stream()
                    .map(part -> QueryStringDecoder.decodeComponent(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("the path can't be decoded");
        }
    }

    private Refusal unknownPath() {
        return Refusal.notFound("nothing is here; the API below " + ROOT + " is "
                + routes.stream().map(Route::path).collect(Collectors.joining(", ")));
    }

    /**
     * One request on its way.
     *
     * @param key what stands in the path for {@link #KEY}; empty where the route has none
     */
    record Call(HttpServerRequest request, QueryStringDecoder uri, String key) {
        /** The query, of which only these parameters are known. */
        Parameters query(String... known) {
            try {
                return new Parameters(uri.parameters(), Set.of(known));
            } catch (IllegalArgumentException e) {
                throw Refusal.badRequest("the query can't be decoded");
            }
        }
    }

    /** Carries a change out. */
    interface Change {
        Mono<Reply> carryOut(Call call, Body body);
    }

    private record Route(HttpMethod method, String path, List<String> parts, Function<Call, Mono<Reply>> answer) {
        boolean leadsTo(List<String> given) {
            if (given.size() != parts.size()) {
                return false;
            }
            for (int i = 0; i < parts.size(); i++) {
                if (!parts.get(i).equals(KEY) && !parts.get(i).equals(given.get(i))) {
                    return false;
                }
            }
            return true;
        }

        String key(List<String> given) {
            int at = parts.indexOf(KEY);
            return at < 0 ? "" : given.get(at);
        }
    }
}
