package dev.coxswain.supervisor.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Loopback;
import dev.coxswain.supervisor.controlplane.Secret;
import io.netty.handler.codec.http.HttpHeaders;

/**
 * Who may use the admin API: whoever has the token; without one, programs of this host. A browser is one of those, and
 * runs other people's pages: so the Host header must be a loopback name (a page could have its own name point to us), and
 * a POST with an Origin must come from a page of ours.
 */
public final class Access {
    private static final String SCHEME = "Bearer ";

    private final @Nullable Secret token;

    /**
     * Checks that this combination is safe.
     *
     * @throws IllegalArgumentException when there is no token and {@code host} can be reached from outside
     */
    Access(String host, @Nullable Secret token) {
        if (token == null && !Loopback.isHost(host)) {
            throw new IllegalArgumentException(
                    "supervisor.admin.listen: " + host + " can be reached from other hosts and "
                            + "there is no token; set supervisor.admin.tokenFile, or listen on 127.0.0.1");
        }
        this.token = token;
    }

    /** Refuses the request, or does nothing. */
    void check(HttpHeaders headers, boolean changesSomething) {
        if (token != null) {
            String given = headers.get("Authorization");
            if (given == null || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                    || !same(token.reveal(), given.substring(SCHEME.length()).strip())) {
                throw new Refusal(401, "unauthorized", "send the admin token as 'Authorization: Bearer …'",
                        Map.of("WWW-Authenticate", "Bearer"));
            }
            return;
        }
        String host = headers.get("Host");
        if (!Loopback.isAddressed(host)) {
            throw new Refusal(403, "forbidden", "without a token this API answers to loopback names only; use "
                    + "127.0.0.1, or set supervisor.admin.tokenFile");
        }
        String origin = headers.get("Origin");
        if (changesSomething && origin != null && !origin.equalsIgnoreCase("http://" + host)) {
            throw new Refusal(403, "forbidden", "this request comes from a page of another site");
        }
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
