package dev.coxswain.supervisor.coderunner.access;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/**
 * The keys that tokens are checked with: those of files, and those of a JWKS URL, which is asked again after a while and when
 * a token names a key that is not known. What a token says of itself ({@code jku}, {@code jwk}, {@code x5u}) is never used.
 */
final class KeySource {
    private static final Logger LOG = LoggerFactory.getLogger(KeySource.class);
    private static final Duration FRESH = Duration.ofMinutes(10);
    /** Tokens with made-up key names must not turn into requests. */
    private static final Duration LEAST_PAUSE = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 1 << 20;

    private final List<VerificationKey> fixed;
    private final @Nullable URI url;
    private final boolean sessionTrusted;
    private final HttpClient http;
    private final FleetClock clock;
    private final Mono<List<VerificationKey>> fetch;

    private volatile List<VerificationKey> fetched = List.of();
    private volatile boolean everFetched;
    private volatile long triedAtNanos;
    private volatile boolean tried;

    KeySource(List<VerificationKey> fixed, @Nullable URI url, boolean sessionTrusted, HttpClient http,
            FleetClock clock) {
        this.fixed = fixed;
        this.url = url;
        this.sessionTrusted = sessionTrusted;
        this.http = http;
        this.clock = clock;
        // one request at a time, whoever asks
        this.fetch = url == null ? Mono.just(List.of()) : fetched(url).flux().publish().refCount(1).next();
    }

    /** The keys that may have signed a token that names this one; empty when there is none. Fails when nobody can say. */
    Mono<List<VerificationKey>> candidates(@Nullable String kid) {
        return Mono.defer(() -> {
            List<VerificationKey> known = matching(kid);
            boolean stale = !tried || age().compareTo(FRESH) > 0;
            boolean missing = known.isEmpty() && age().compareTo(LEAST_PAUSE) > 0;
            if (url == null || !(stale || missing)) {
                return known.isEmpty() && url != null && !everFetched ? Mono.error(unreachable()) : Mono.just(known);
            }
            return fetch.map(keys -> matching(kid)).onErrorResume(e -> {
                LOG.warn("the keys of {} can't be had: {}", url, e.getMessage());
                return known.isEmpty() && !everFetched ? Mono.error(unreachable()) : Mono.just(known);
            });
        });
    }

    private static AuthException unreachable() {
        return new AuthException("the issuer's keys can't be had at the moment", null);
    }

    private Duration age() {
        return tried ? Duration.ofNanos(clock.nanos() - triedAtNanos) : FRESH.plus(FRESH);
    }

    private List<VerificationKey> matching(@Nullable String kid) {
        return Stream.concat(fixed.stream(), fetched.stream()).filter(key -> key.answersTo(kid)).toList();
    }

    private Mono<List<VerificationKey>> fetched(URI from) {
        return Mono.defer(() -> {
            triedAtNanos = clock.nanos();
            tried = true;
            return http.get().uri(from.toString()).response((response, body) -> response.status().code() == 200
                    ? body.asByteArray().reduceWith(ByteArrayOutputStream::new, KeySource::add)
                    : Mono.error(new IOException("HTTP " + response.status().code()))).next().timeout(TIMEOUT);
        }).map(bytes -> parsed(bytes.toByteArray())).doOnNext(keys -> {
            fetched = keys;
            everFetched = true;
        });
    }

    private static ByteArrayOutputStream add(ByteArrayOutputStream all, byte[] piece) {
        if (all.size() + piece.length > MOST_BYTES) {
            throw new AuthException("the key set is longer than " + MOST_BYTES + " bytes", null);
        }
        all.writeBytes(piece);
        return all;
    }

    private List<VerificationKey> parsed(byte[] body) {
        try {
            return KeyFiles.keySet(new String(body, StandardCharsets.UTF_8), sessionTrusted).stream()
                    .filter(key -> key.key().getModulus().bitLength() >= VerificationKey.LEAST_BITS).toList();
        } catch (ParseException e) {
            throw new AuthException("the answer is no JSON Web Key Set: " + e.getMessage(), e);
        }
    }
}
