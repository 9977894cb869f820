package dev.coxswain.supervisor.coderunner.access;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;

/** Looks at a JWT: algorithm, signature, times, issuer, audience, claims (contract section 2, rules 3 to 5). */
final class TokenCheck {
    private static final Duration LEEWAY = Duration.ofSeconds(60);
    private static final String TENANT = "external_tenant_id";
    private static final String USER = "external_user_id";

    private final KeySource keys;
    private final @Nullable String issuer;
    private final @Nullable String audience;
    private final FleetClock clock;

    TokenCheck(KeySource keys, @Nullable String issuer, @Nullable String audience, FleetClock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
    }

    Mono<Verdict> check(String token, UUID tenant, String user) {
        SignedJWT jwt;
        try {
            jwt = SignedJWT.parse(token);
        } catch (ParseException e) {
            return refused(401, "the token is no signed JWT");
        }
        // before any key is looked at: a public key must never become the secret of another algorithm
        if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())) {
            return refused(401, "the token must be signed with RS256");
        }
        return keys.candidates(jwt.getHeader().getKeyID()).map(candidates -> {
            VerificationKey signer = signer(jwt, candidates);
            return signer == null
                    ? new Verdict.Refused(401, "the token is not signed by a known key")
                    : claims(jwt, signer, tenant, user);
        }).onErrorResume(AuthException.class, e -> refused(503, String.valueOf(e.getMessage())));
    }

    private static Mono<Verdict> refused(int status, String message) {
        return Mono.just(new Verdict.Refused(status, message));
    }

    private static @Nullable VerificationKey signer(SignedJWT jwt, List<VerificationKey> candidates) {
        for (VerificationKey candidate : candidates) {
            try {
                if (jwt.verify(new RSASSAVerifier(candidate.key()))) {
                    return candidate;
                }
            } catch (JOSEException e) {
                // a header that this library does not take (crit): the next key would not help
                return null;
            }
        }
        return null;
    }

    private Verdict claims(SignedJWT jwt, VerificationKey signer, UUID tenant, String user) {
        JWTClaimsSet claims;
        try {
            claims = jwt.getJWTClaimsSet();
        } catch (ParseException e) {
            return new Verdict.Refused(401, "the token's claims can't be read");
        }
        String untimely = untimely(claims);
        if (untimely != null) {
            return new Verdict.Refused(401, untimely);
        }
        if (issuer != null && !issuer.equals(claims.getIssuer())) {
            return new Verdict.Refused(401, "the token is from another issuer");
        }
        if (audience != null && !claims.getAudience().contains(audience)) {
            return new Verdict.Refused(401, "the token is for another audience");
        }
        Object tenantClaim = claims.getClaim(TENANT);
        Object userClaim = claims.getClaim(USER);
        if (tenantClaim == null && userClaim == null && !signer.sessionTrusted()) {
            return new Verdict.Refused(403, "the token has neither " + TENANT + " nor " + USER
                    + ", and its key is not trusted for sessions");
        }
        if (tenantClaim != null && !same(tenantClaim, tenant.toString())) {
            return new Verdict.Refused(403, "x-client-key is not what the token says");
        }
        if (userClaim != null && !same(userClaim, user)) {
            return new Verdict.Refused(403, "x-userid is not what the token says");
        }
        return new Verdict.Accepted(tenant, user);
    }

    private @Nullable String untimely(JWTClaimsSet claims) {
        Instant now = clock.now();
        if (claims.getExpirationTime() == null) {
            return "the token has no exp";
        }
        if (!now.isBefore(claims.getExpirationTime().toInstant().plus(LEEWAY))) {
            return "the token has expired";
        }
        return isFuture(claims.getNotBeforeTime(), now) || isFuture(claims.getIssueTime(), now)
                ? "the token is not valid yet"
                : null;
    }

    private static boolean isFuture(@Nullable Date time, Instant now) {
        return time != null && time.toInstant().isAfter(now.plus(LEEWAY));
    }

    /** UUIDs without regard to case, anything else to the letter. */
    private static boolean same(Object claim, String header) {
        String text = claim instanceof String said ? said : claim instanceof Number number ? number.toString() : "";
        return text.equals(header) || (isUuid(text) && isUuid(header) && text.equalsIgnoreCase(header));
    }

    private static boolean isUuid(String text) {
        return Access.UUID_FORM.matcher(text).matches();
    }
}
