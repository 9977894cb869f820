package dev.coxswain.supervisor.coderunner;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;

/**
 * One endpoint.
 *
 * @param path with variables in braces
 * @param isOpen whether anybody may call it, without the three headers
 * @param body name of the request's schema in the OpenAPI document; {@code ""} for none
 * @param data name of the schema of {@code data}; with {@code []} for a list of it
 * @param query names of query parameters, as they are documented; one that is needed ends in {@code !}
 */
record Route(HttpMethod method, String path, boolean isOpen, String summary, String body, String data,
        List<String> query, Function<Call, Mono<Reply>> answer) {
    static Route get(String path, String summary, String data, List<String> query,
            Function<Call, Mono<Reply>> answer) {
        return new Route(HttpMethod.GET, path, false, summary, "", data, query, answer);
    }

    static Route post(String path, String summary, String body, String data, List<String> query,
            Function<Call, Mono<Reply>> answer) {
        return new Route(HttpMethod.POST, path, false, summary, body, data, query, answer);
    }

    static Route delete(String path, String summary, Function<Call, Mono<Reply>> answer) {
        return new Route(HttpMethod.DELETE, path, false, summary, "", "Id", List.of(), answer);
    }

    /** What the path gives for its variables; null when it does not lead here. */
    @Nullable
    Map<String, String> match(List<String> given) {
        String[] parts = path.substring(1).split("/");
        if (parts.length != given.size()) {
            return null;
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].startsWith("{")) {
                variables.put("id", given.get(i));
            } else if (!parts[i].equals(given.get(i))) {
                return null;
            }
        }
        return variables;
    }
}
