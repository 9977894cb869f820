package dev.coxswain.supervisor.coderunner.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import dev.coxswain.supervisor.controlplane.FleetClock;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AccessTest {
    private static final String WORKSPACE = "1b4e28ba-2fa1-11d2-883f-0016d3cca427";
    private static final String USER = "user-7";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final KeyPair KEYS = keys(2048);
    private static final KeyPair OTHERS = keys(2048);

    @TempDir
    Path dir;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    @BeforeEach
    void setClock() {
        time.advanceTimeTo(NOW);
    }

    private static KeyPair keys(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(KeyPair keys) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(dir.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Access withKey(@Nullable String kid, boolean sessionTrusted) {
        return open(new AuthConfig(file("token", "service-token\n"),
                List.of(new AuthConfig.PublicKeyFile(file("key.pem", pem(KEYS)), kid, sessionTrusted)), null, false,
                null, null, false));
    }

    private Access open(AuthConfig config) {
        return Access.open(config, "127.0.0.1", HttpClient.create(), FleetClock.of(time));
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().expirationTime(Date.from(NOW.plusSeconds(300))).issueTime(Date.from(NOW))
                .claim("external_tenant_id", WORKSPACE).claim("external_user_id", USER);
    }

    private static String signed(JWTClaimsSet claims, JWSHeader header, KeyPair keys) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new RSASSASigner(keys.getPrivate()));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWTClaimsSet claims) {
        return signed(claims, new JWSHeader(JWSAlgorithm.RS256), KEYS);
    }

    private static HttpHeaders headers(String token) {
        return new DefaultHttpHeaders().set("Host", "127.0.0.1:8720").set("Authorization", "Bearer " + token)
                .set("x-client-key", WORKSPACE)
                .set("x-userid", USER);
    }

    private static int status(Access access, HttpHeaders headers) {
        return status(access.check(headers));
    }

    private static int status(Mono<Verdict> looked) {
        return switch (Objects.requireNonNull(looked.block(Duration.ofSeconds(60)))) {
            case Verdict.Accepted accepted -> 200;
            case Verdict.Refused refused -> refused.status();
        };
    }

    private static int status(Access access, String token) {
        return status(access, headers(token));
    }

    @Test
    void allThreeHeadersAreNeededOnceEach() {
        Access access = withKey(null, false);

        assertThat(status(access, headers("service-token"))).isEqualTo(200);
        assertThat(status(access, headers("service-token").remove("Authorization"))).isEqualTo(401);
        assertThat(status(access, headers("service-token").set("Authorization", ""))).isEqualTo(401);
        assertThat(status(access, headers("service-token").set("Authorization", "Basic abc"))).isEqualTo(401);
        assertThat(status(access, headers("service-token").add("Authorization", "Bearer service-token")))
                .isEqualTo(401);
        assertThat(status(access, headers("service-token").remove("x-client-key"))).isEqualTo(400);
        assertThat(status(access, headers("service-token").set("x-client-key", "not-a-uuid"))).isEqualTo(400);
        assertThat(status(access, headers("service-token").set("x-client-key", "1-1-1-1-1"))).isEqualTo(400);
        assertThat(status(access, headers("service-token").add("x-client-key", WORKSPACE))).isEqualTo(400);
        assertThat(status(access, headers("service-token").remove("x-userid"))).isEqualTo(400);
        assertThat(status(access, headers("service-token").set("x-userid", "a".repeat(129)))).isEqualTo(400);
        assertThat(status(access, headers("service-token").set("x-userid", "a b"))).isEqualTo(400);
        assertThat(status(access, headers("service-token").set("x-userid", "a".repeat(128)))).isEqualTo(200);
    }

    @Test
    void theServiceTokenSpeaksForEveryWorkspace() {
        Access access = withKey(null, false);

        assertThat(access.check(headers("service-token").set("x-client-key", WORKSPACE.toUpperCase(Locale.ROOT)))
                .block()).isEqualTo(new Verdict.Accepted(UUID.fromString(WORKSPACE), USER));
        assertThat(status(access, "service-tokens")).isEqualTo(401);
    }

    @Test
    void trap02headersThatDisagreeWithTheClaimsNeverWin() {
        Access access = withKey(null, false);

        assertThat(status(access, signed(claims().build()))).isEqualTo(200);
        assertThat(status(access, signed(claims().claim("external_tenant_id", UUID.randomUUID().toString()).build())))
                .isEqualTo(403);
        assertThat(status(access, signed(claims().claim("external_user_id", "user-8").build()))).isEqualTo(403);
        assertThat(status(access, signed(claims().claim("external_tenant_id", List.of(WORKSPACE)).build())))
                .isEqualTo(403);
        assertThat(status(access, signed(claims().claim("external_tenant_id", WORKSPACE.toUpperCase(Locale.ROOT))
                .build()))).isEqualTo(200);
        assertThat(status(access, signed(claims().claim("external_user_id", "USER-7").build()))).isEqualTo(403);
    }

    @Test
    void trap02aForwardedSessionHasNoClaimsAndNeedsATrustedKey() {
        JWTClaimsSet session = claims().claim("external_tenant_id", null).claim("external_user_id", null).build();

        assertThat(status(withKey(null, false), signed(session))).isEqualTo(403);
        assertThat(status(withKey(null, true), signed(session))).isEqualTo(200);
    }

    @Test
    void ofTwoClaimsThePresentOneIsChecked() {
        Access access = withKey(null, false);

        assertThat(status(access, signed(claims().claim("external_user_id", null).build()))).isEqualTo(200);
        assertThat(status(access, signed(claims().claim("external_user_id", null)
                .claim("external_tenant_id", UUID.randomUUID().toString()).build()))).isEqualTo(403);
    }

    @Test
    void trap03aPublicKeyIsNoSecretOfAnotherAlgorithm() throws JOSEException {
        Access access = withKey("k1", false);
        for (byte[] secret : List.of(pem(KEYS).getBytes(StandardCharsets.UTF_8), KEYS.getPublic().getEncoded())) {
            SignedJWT forged = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
                    claims().build());
            forged.sign(new MACSigner(secret));
            assertThat(status(access, forged.serialize())).isEqualTo(401);
        }
    }

    @Test
    void trap03anUnsignedTokenIsNoToken() {
        Access access = withKey(null, false);
        String none = new PlainJWT(claims().build()).serialize();

        assertThat(status(access, none)).isEqualTo(401);
        assertThat(status(access, none + "c2ln")).isEqualTo(401);
        String good = signed(claims().build());
        assertThat(status(access, good.substring(0, good.lastIndexOf('.') + 1))).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256"})
    void trap03onlyRs256IsTaken(String algorithm) {
        assertThat(status(withKey(null, false),
                signed(claims().build(), new JWSHeader(JWSAlgorithm.parse(algorithm)), KEYS))).isEqualTo(401);
    }

    @Test
    void trap03keysThatATokenBringsAreNotLookedAt() {
        Access access = withKey("k1", false);
        RSAKey own = new RSAKey.Builder((RSAPublicKey) OTHERS.getPublic()).keyID("k1").build();

        assertThat(status(access, signed(claims().build(), new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own)
                .keyID("k1").jwkURL(URI.create("http://127.0.0.1:1/keys")).build(), OTHERS))).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "http://127.0.0.1:1/key", "k2", "' OR 1=1 --"})
    void trap03aKidIsAName(String kid) {
        assertThat(status(withKey("k1", false), signed(claims().build(),
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), KEYS))).isEqualTo(401);
        assertThat(status(withKey(null, false), signed(claims().build(),
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), OTHERS))).isEqualTo(401);
    }

    @Test
    void withoutAKidEveryKeyIsTried() {
        Access access = open(new AuthConfig(null,
                List.of(new AuthConfig.PublicKeyFile(file("a.pem", pem(OTHERS)), "a", false),
                        new AuthConfig.PublicKeyFile(file("b.pem", pem(KEYS)), "b", false)),
                null, false, null, null, false));

        assertThat(status(access, signed(claims().build()))).isEqualTo(200);
        assertThat(status(access, signed(claims().build(),
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("b").build(), KEYS))).isEqualTo(200);
        assertThat(status(access, signed(claims().build(),
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("a").build(), KEYS))).isEqualTo(401);
    }

    @Test
    void timesHaveAMinuteOfLeeway() {
        Access access = withKey(null, false);

        assertThat(status(access, signed(claims().expirationTime(null).build()))).isEqualTo(401);
        assertThat(status(access, signed(claims().expirationTime(Date.from(NOW.minusSeconds(59))).build())))
                .isEqualTo(200);
        assertThat(status(access, signed(claims().expirationTime(Date.from(NOW.minusSeconds(60))).build())))
                .isEqualTo(401);
        assertThat(status(access, signed(claims().notBeforeTime(Date.from(NOW.plusSeconds(60))).build())))
                .isEqualTo(200);
        assertThat(status(access, signed(claims().notBeforeTime(Date.from(NOW.plusSeconds(61))).build())))
                .isEqualTo(401);
        assertThat(status(access, signed(claims().issueTime(Date.from(NOW.plusSeconds(61))).build()))).isEqualTo(401);
    }

    @Test
    void issuerAndAudienceAreCheckedWhenTheyAreConfigured() {
        Access access = open(new AuthConfig(null,
                List.of(new AuthConfig.PublicKeyFile(file("key.pem", pem(KEYS)), null, false)), null, false,
                "https://id.example.org", "coderunner", false));

        assertThat(status(access, signed(claims().build()))).isEqualTo(401);
        assertThat(status(access, signed(claims().issuer("https://id.example.org").build()))).isEqualTo(401);
        assertThat(status(access, signed(claims().issuer("https://id.example.org")
                .audience(List.of("x", "coderunner")).build()))).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "not a token", "eyJhbGciOiJSUzI1NiJ9..", "🦀"})
    void whatIsNoTokenIs401(String token) {
        assertThat(status(withKey(null, false), token)).isEqualTo(401);
    }

    @Test
    void aKeySetIsFetchedOnceAndAgainForAKeyThatIsNotKnown() {
        AtomicInteger requests = new AtomicInteger();
        AtomicReference<KeyPair> current = new AtomicReference<>(OTHERS);
        DisposableServer issuer = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> {
            requests.incrementAndGet();
            KeyPair now = Objects.requireNonNull(current.get());
            return response.sendString(Mono.just(new JWKSet(new RSAKey.Builder(
                    (RSAPublicKey) now.getPublic()).keyID(now == KEYS ? "new" : "old").build())
                    .toString()));
        }).bindNow();
        try {
            Access access = open(new AuthConfig(null, List.of(), URI.create("http://127.0.0.1:" + issuer.port()),
                    false, null, null, false));
            String old = signed(claims().build(), new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("old").build(),
                    OTHERS);
            String fresh = signed(claims().build(), new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("new").build(),
                    KEYS);

            assertThat(status(access, old)).isEqualTo(200);
            assertThat(status(access, old)).isEqualTo(200);
            assertThat(status(access, fresh)).isEqualTo(401);
            assertThat(requests).hasValue(1);
            current.set(KEYS);
            time.advanceTimeBy(Duration.ofSeconds(31));
            assertThat(status(access, fresh)).isEqualTo(200);
            assertThat(requests).hasValue(2);
        } finally {
            issuer.disposeNow(Duration.ofSeconds(60));
        }
    }

    @Test
    void anIssuerThatIsAwayIs503() {
        Access access = open(new AuthConfig(null, List.of(), URI.create("http://127.0.0.1:1/keys"), false, null, null,
                false));

        assertThat(status(access, signed(claims().build()))).isEqualTo(503);
    }

    @Test
    void withoutAnyKeyItStartsOnlyWhenToldSoAndOnLoopback() {
        AuthConfig nothing = new AuthConfig(null, List.of(), null, false, null, null, false);

        assertThatThrownBy(() -> open(nothing)).isInstanceOf(AuthException.class)
                .hasMessageContaining("insecureNoAuth");
        assertThatThrownBy(() -> Access.open(AuthConfig.NONE, "0.0.0.0", HttpClient.create(), FleetClock.of(time)))
                .isInstanceOf(AuthException.class).hasMessageContaining("loopback");
        Access access = open(AuthConfig.NONE);
        assertThat(status(access, headers("x").remove("Authorization"))).isEqualTo(200);
        assertThat(status(access, headers("x").remove("x-client-key"))).isEqualTo(400);
    }

    @Test
    void withoutAnyKeyAPageThatPointsItsOwnNameAtUsIsRefused() {
        Access open = open(AuthConfig.NONE);

        assertThat(status(open.checkApi(headers("x").set("Host", "localhost")))).isEqualTo(200);
        assertThat(status(open.checkApi(headers("x").set("Host", "page.example.org:8720")))).isEqualTo(403);
        assertThat(status(open.checkApi(headers("x").remove("Host")))).isEqualTo(403);
        HttpHeaders named = headers("service-token").set("Host", "functions.example.org");
        assertThat(status(open.check(named))).as("user code has any name").isEqualTo(200);
        assertThat(status(withKey(null, false).checkApi(named))).isEqualTo(200);
    }

    @Test
    void keyFilesThatCantWorkAreRefusedAtTheStart() {
        for (String text : List.of("", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "{\"keys\":[]}", pem(keys(1024)))) {
            Path file = file("bad.pem", text);
            assertThatThrownBy(() -> open(new AuthConfig(null,
                    List.of(new AuthConfig.PublicKeyFile(file, null, false)), null, false, null, null, false)))
                    .as(text).isInstanceOf(AuthException.class).hasMessageContaining("bad.pem");
        }
    }
}
