package dev.coxswain.supervisor.coderunner.access;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Loopback;
import dev.coxswain.supervisor.controlplane.Secret;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** Who calls, by the three headers that every request needs (contract section 2). */
public final class Access {
    static final Pattern UUID_FORM = Pattern
            .compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int LONGEST_USER = 128;
    private static final int LONGEST_TOKEN = 8_192;
    private static final Pattern BEARER = Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +([^\\s]+) *");

    private final boolean open;
    private final @Nullable Secret serviceToken;
    private final TokenCheck tokens;

    private Access(boolean open, @Nullable Secret serviceToken, TokenCheck tokens) {
        this.open = open;
        this.serviceToken = serviceToken;
        this.tokens = tokens;
    }

    /**
     * Reads the files that the configuration names. Blocks on the disk.
     *
     * @param host where the server will listen: without any authentication it must be a loopback address
     * @param http for the JWKS URL
     * @throws AuthException when it can't work like this
     */
    public static Access open(AuthConfig config, String host, HttpClient http, FleetClock clock) {
        if (!config.hasKeys()) {
            if (!config.insecureNoAuth()) {
                throw new AuthException("auth: there is no serviceTokenFile, no publicKeys and no jwksUrl, so nobody "
                        + "could be recognised; set one of them, or insecureNoAuth: true for tries on this host", null);
            }
            if (!Loopback.isHost(host)) {
                throw new AuthException("auth.insecureNoAuth: only with a loopback address to listen on, not " + host,
                        null);
            }
        }
        Path tokenFile = config.serviceTokenFile();
        List<VerificationKey> fixed = config.publicKeys().stream().flatMap(file -> KeyFiles.read(file).stream())
                .toList();
        return new Access(!config.hasKeys(), tokenFile == null ? null : KeyFiles.token(tokenFile),
                new TokenCheck(new KeySource(fixed, config.jwksUrl(), config.jwksSessionTrusted(), http, clock),
                        config.issuer(), config.audience(), clock));
    }

    /**
     * Looks at a request to the API itself: where nobody is asked for a token, only by a name that only this host has. A
     * page's own name may point at us, and such a page could upload code and run it. Never fails.
     */
    public Mono<Verdict> checkApi(HttpHeaders headers) {
        return Mono.defer(() -> open && !Loopback.isAddressed(one(headers, "Host"))
                ? refused(403, "without authentication this API answers to loopback names only; use 127.0.0.1, or set "
                        + "one of auth.serviceTokenFile, publicKeys and jwksUrl")
                : check(headers));
    }

    /** Looks at a request to user code, which may come by any Host (contract section 9). Never fails. */
    public Mono<Verdict> check(HttpHeaders headers) {
        return Mono.defer(() -> {
            String bearer = bearer(headers);
            if (bearer == null && !open) {
                return refused(401, "send 'Authorization: Bearer …', once");
            }
            String tenant = one(headers, "x-client-key");
            if (tenant == null || !UUID_FORM.matcher(tenant).matches()) {
                return refused(400, "the header x-client-key must be there once, and be the workspace's UUID");
            }
            String user = one(headers, "x-userid");
            if (user == null || user.length() > LONGEST_USER || user.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                return refused(400, "the header x-userid must be there once, with 1 to " + LONGEST_USER
                        + " visible characters");
            }
            UUID workspace = UUID.fromString(tenant);
            if (open || isServiceToken(String.valueOf(bearer))) {
                return Mono.just(new Verdict.Accepted(workspace, user));
            }
            return tokens.check(String.valueOf(bearer), workspace, user);
        });
    }

    private boolean isServiceToken(String bearer) {
        return serviceToken != null && MessageDigest.isEqual(digest(serviceToken.reveal()), digest(bearer));
    }

    /** Of one length for any token, so that the comparison takes the same time for all. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static @Nullable String bearer(HttpHeaders headers) {
        String value = one(headers, "Authorization");
        if (value == null || value.length() > LONGEST_TOKEN) {
            return null;
        }
        Matcher scheme = BEARER.matcher(value);
        return scheme.matches() ? scheme.group(1) : null;
    }

    /** The value of a header that is there once and not empty. */
    private static @Nullable String one(HttpHeaders headers, String name) {
        List<String> values = headers.getAll(name);
        return values.size() == 1 && !values.get(0).isBlank() ? values.get(0).strip() : null;
    }

    private static Mono<Verdict> refused(int status, String message) {
        return Mono.just(new Verdict.Refused(status, message));
    }
}
