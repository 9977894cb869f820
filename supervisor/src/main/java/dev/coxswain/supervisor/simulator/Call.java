package dev.coxswain.supervisor.simulator;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * A request to a simulated control plane, read whole.
 *
 * @param method HTTP method
 * @param uri path and query exactly as sent, the protocol's base path included
 * @param kind what it is for
 * @param params the values of the route's {@code {name}} parts, as sent
 * @param headers its headers
 * @param body its body, at most as large as its route allows
 * @param arrivedNanos when it arrived, before any injected delay
 * @param steals whether a fault wants the lease that it is about to end first
 * @param spoiled whether a fault will keep the answer from arriving whole
 */
public record Call(String method, String uri, CallKind kind, Map<String, String> params, HttpHeaders headers,
        byte[] body, long arrivedNanos, boolean steals, boolean spoiled) {
    private static final String BEARER = "Bearer ";

    /** The bearer token, or null. */
    public @Nullable String bearer() {
        return bearer(headers);
    }

    /** The value of a part of the route. */
    public String param(String name) {
        String value = params.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no part {" + name + "}");
        }
        return value;
    }

    /** A header's first value, or null. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** Whether the content type is JSON, with or without parameters. */
    public boolean saysJson() {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
        return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    static @Nullable String bearer(HttpHeaders headers) {
        String value = headers.get(HttpHeaderNames.AUTHORIZATION);
        return value != null && value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? value.substring(BEARER.length()).strip()
                : null;
    }

    @Override
    public String toString() {
        return method + " " + kind.label() + " of " + body.length + " bytes";
    }
}
