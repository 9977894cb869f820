package dev.coxswain.supervisor.admin;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the real servers, one connection a call. */
record Caller(URI base, Map<String, String> headers) {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    Answer get(String path) {
        return send(HttpMethod.GET, path, "");
    }

    Answer post(String path, String body) {
        return send(HttpMethod.POST, path, body);
    }

    Caller with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Caller(base, more);
    }

    Answer send(HttpMethod method, String path, String body) {
        HttpClient client = HttpClient.newConnection().headers(h -> headers.forEach(h::set));
        HttpClient.ResponseReceiver<?> call = body.isEmpty()
                ? client.request(method).uri(base + path)
                : client.request(method).uri(base + path).send(ByteBufFlux.fromString(Mono.just(body)));
        return Objects.requireNonNull(call.responseSingle((response, content) -> content.asString().defaultIfEmpty("")
                .map(text -> new Answer(response.status().code(), response.responseHeaders(), text))).block(PATIENCE));
    }

    record Answer(int status, HttpHeaders headers, String body) {
        JsonNode json() {
            return JsonMapper.builder().build().readTree(body);
        }

        String detail() {
            return json().get("detail").stringValue();
        }
    }
}
