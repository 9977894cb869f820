package dev.coxswain.supervisor.coderunner;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import tools.jackson.databind.JsonNode;

/**
 * One request on its way.
 *
 * @param path what stands in the path for the route's variables
 * @param query by name in lower case; the first value of each
 * @param caller null where nobody had to say who they are
 */
record Call(HttpServerRequest request, Map<String, String> path, Map<String, String> query, @Nullable Caller caller) {
    private static final int MOST_JSON = 64 << 10;

    /** Who calls, on routes that ask for it. */
    Caller known() {
        return Objects.requireNonNull(caller);
    }

    UUID tenant() {
        return known().tenant();
    }

    /** An id in the path. */
    UUID id() {
        return Fields.id("the id in the path", Objects.requireNonNull(path.get("id")));
    }

    /** An id in the query, whatever the case of its name. */
    UUID queryId(String name) {
        String given = query.get(name.toLowerCase(Locale.ROOT));
        if (given == null) {
            throw Refusal.invalid("the query parameter " + name + " is missing");
        }
        return Fields.id("the query parameter " + name, given);
    }

    /** A number in the query. */
    int number(String name, int otherwise, int least, int most) {
        String given = query.get(name.toLowerCase(Locale.ROOT));
        if (given == null) {
            return otherwise;
        }
        int number = given.matches("\\d{1,9}") ? Integer.parseInt(given) : -1;
        if (number < least || number > most) {
            throw Refusal.invalid("the query parameter " + name + " must be a number from " + least + " to " + most);
        }
        return number;
    }

    Page page() {
        return new Page(number("page", 1, 1, 1_000_000), number("pageSize", Page.DEFAULT_SIZE, 1, Page.MOST));
    }

    /** A JSON object of moderate size. */
    Mono<Fields> fields() {
        return document(MOST_JSON).map(document -> Fields.of(document.orElse(null)));
    }

    /** A JSON document of at most so many bytes; empty without a body. */
    Mono<Optional<JsonNode>> document(int mostBytes) {
        return Mono.defer(() -> {
            Bodies.checkIsJson(request);
            return Bodies.read(request, mostBytes).map(body -> Optional.ofNullable(Fields.document(body)));
        });
    }
}
