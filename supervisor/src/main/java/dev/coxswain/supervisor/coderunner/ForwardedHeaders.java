package dev.coxswain.supervisor.coderunner;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Set;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.netty.http.server.HttpServerRequest;

/** Which headers of a request go on to user code, and which of its headers go back. */
final class ForwardedHeaders {
    /** Those of one connection (RFC 9110, 7.6.1); lengths and codings are the next connection's own. */
    private static final Set<String> OF_A_CONNECTION = Set.of("connection", "keep-alive", "proxy-connection",
            "proxy-authenticate", "proxy-authorization", "te", "trailer", "upgrade", "http2-settings");
    /** Claims about the caller that nobody has checked. */
    private static final Set<String> CLAIMS = Set.of("forwarded", "x-forwarded-for", "x-forwarded-host",
            "x-forwarded-proto", "x-forwarded-port", "x-real-ip");

    private ForwardedHeaders() {}

    /**
     * What user code sees of a request.
     *
     * @param proxies may say who called them; what anybody else says of that is taken out
     * @param withAuthorization false where the token was ours to check: user code must not have it
     */
    static HttpHeaders toUserCode(HttpServerRequest request, boolean withAuthorization, TrustedProxies proxies) {
        HttpHeaders kept = copy(request.requestHeaders());
        InetSocketAddress remote = request.remoteAddress();
        boolean believed = proxies.cover(remote);
        String before = believed ? String.join(", ", kept.getAll("x-forwarded-for")) : "";
        if (!believed) {
            CLAIMS.forEach(kept::remove);
        }
        if (!withAuthorization) {
            kept.remove(HttpHeaderNames.AUTHORIZATION);
        }
        if (remote != null && remote.getAddress() != null) {
            String last = remote.getAddress().getHostAddress();
            kept.set("x-forwarded-for", before.isEmpty() ? last : before + ", " + last);
        }
        String host = request.requestHeaders().get(HttpHeaderNames.HOST);
        if (host != null && !kept.contains("x-forwarded-host")) {
            kept.set("x-forwarded-host", host);
        }
        if (!kept.contains("x-forwarded-proto")) {
            kept.set("x-forwarded-proto", request.scheme());
        }
        return kept;
    }

    /** All but those of the connection. */
    static HttpHeaders copy(HttpHeaders from) {
        HttpHeaders kept = new DefaultHttpHeaders().set(from);
        for (String named : from.getAll(HttpHeaderNames.CONNECTION)) {
            for (String name : named.split(",")) {
                if (!name.isBlank()) {
                    kept.remove(name.strip());
                }
            }
        }
        OF_A_CONNECTION.forEach(kept::remove);
        return kept;
    }

    /** Whether a handler may set it. */
    static boolean mayBeAnswered(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.matches("[!#$%&'*+.^_`|~0-9a-z-]+") && !OF_A_CONNECTION.contains(lower)
                && !lower.equals("content-length") && !lower.equals("transfer-encoding");
    }
}
