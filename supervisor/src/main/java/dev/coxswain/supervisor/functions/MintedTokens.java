package dev.coxswain.supervisor.functions;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokens that are signed here, as a Control Plane does it (contract coderunner 2): RS256, five minutes, both claims. */
public final class MintedTokens implements Tokens {
    private static final Duration LIFE = Duration.ofMinutes(5);
    /** A request that is on its way for a while still finds its token valid. */
    private static final Duration RESERVE = Duration.ofMinutes(1);
    private static final Pattern PEM = Pattern
            .compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrivateKey key;
    private final @Nullable String keyId;
    private final @Nullable String issuer;
    private final Identity identity;
    private final Clock clock;
    private @Nullable Secret last;
    private Instant until = Instant.MIN;

    private MintedTokens(PrivateKey key, @Nullable String keyId, @Nullable String issuer, Identity identity,
            Clock clock) {
        this.key = key;
        this.keyId = keyId;
        this.issuer = issuer;
        this.identity = identity;
        this.clock = clock;
    }

    /**
     * Tokens for this identity.
     *
     * @param pem a private RSA key, PKCS #8
     * @param source how messages call that text
     * @param keyId {@code kid}; null for none
     * @param issuer {@code iss}; null for none
     * @throws CoderunnerException when it is no such key
     */
    public static MintedTokens of(String pem, String source, @Nullable String keyId, @Nullable String issuer,
            Identity identity, Clock clock) {
        Matcher block = PEM.matcher(pem);
        if (!block.find()) {
            throw new CoderunnerException(Kind.USAGE, source + " holds no private key: that begins with "
                    + "-----BEGIN PRIVATE KEY----- (openssl pkcs8 -topk8 -nocrypt makes it from another form)");
        }
        try {
            byte[] bytes = Base64.getMimeDecoder().decode(block.group(1));
            PrivateKey key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes));
            return new MintedTokens(key, keyId, issuer, identity, clock);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CoderunnerException(Kind.USAGE, source + " holds no private RSA key", 0, e);
        }
    }

    @Override
    public synchronized Secret token() {
        Secret now = last;
        if (now == null || clock.instant().isAfter(until.minus(RESERVE))) {
            now = new Secret(minted());
            last = now;
        }
        return now;
    }

    @Override
    public synchronized boolean renew() {
        last = null;
        return true;
    }

    private String minted() {
        Instant now = clock.instant();
        until = now.plus(LIFE);
        ObjectNode header = JSON.createObjectNode().put("alg", "RS256").put("typ", "JWT");
        if (keyId != null) {
            header.put("kid", keyId);
        }
        ObjectNode claims = JSON.createObjectNode();
        if (issuer != null) {
            claims.put("iss", issuer);
        }
        claims.put("iat", now.getEpochSecond()).put("exp", until.getEpochSecond()).put("sub", identity.user())
                .put("external_tenant_id", identity.workspace()).put("external_user_id", identity.user());
        String text = part(header) + "." + part(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new CoderunnerException(Kind.USAGE, "the private key can't sign RS256", 0, e);
        }
    }

    private static String part(ObjectNode node) {
        return encoded(JSON.writeValueAsBytes(node));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
