package dev.coxswain.supervisor.coderunner.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;

import dev.coxswain.supervisor.controlplane.Secret;

/** Reads keys for checking signatures from PEM and from JSON Web Key Sets. Blocks on the disk. */
final class KeyFiles {
    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern BLOCK = Pattern
            .compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private KeyFiles() {}

    static List<VerificationKey> read(AuthConfig.PublicKeyFile given) {
        String text = text(given.file());
        try {
            List<VerificationKey> keys = text.stripLeading().startsWith("{")
                    ? keySet(text, given.sessionTrusted())
                    : pem(text, given);
            if (keys.isEmpty()) {
                throw new AuthException("auth.publicKeys: " + given.file() + " holds no RSA public key; it must be a "
                        + "PEM with BEGIN PUBLIC KEY or BEGIN CERTIFICATE, or a JSON Web Key Set", null);
            }
            keys.forEach(key -> checkLength(key, given.file().toString()));
            return keys;
        } catch (ParseException | GeneralSecurityException | ClassCastException e) {
            throw new AuthException("auth.publicKeys: " + given.file() + " can't be read as keys: " + e.getMessage(),
                    e);
        }
    }

    /** The RSA keys of a set that are for signatures; others are left out. */
    static List<VerificationKey> keySet(String json, boolean sessionTrusted) throws ParseException {
        List<VerificationKey> keys = new ArrayList<>();
        for (JWK key : JWKSet.parse(json).getKeys()) {
            boolean signs = key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse());
            boolean rs256 = key.getAlgorithm() == null || JWSAlgorithm.RS256.equals(key.getAlgorithm());
            if (key instanceof RSAKey rsa && signs && rs256) {
                try {
                    keys.add(new VerificationKey(rsa.getKeyID(), rsa.toRSAPublicKey(), sessionTrusted));
                } catch (JOSEException e) {
                    throw new ParseException(String.valueOf(e.getMessage()), 0);
                }
            }
        }
        return keys;
    }

    private static List<VerificationKey> pem(String text, AuthConfig.PublicKeyFile given)
            throws GeneralSecurityException {
        List<VerificationKey> keys = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
            switch (block.group(1)) {
                case "PUBLIC KEY" -> keys.add(new VerificationKey(given.kid(),
                        (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(bytes)),
                        given.sessionTrusted()));
                case "CERTIFICATE" -> keys.add(new VerificationKey(given.kid(),
                        (RSAPublicKey) CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(bytes)).getPublicKey(),
                        given.sessionTrusted()));
                case "PRIVATE KEY", "RSA PRIVATE KEY" -> throw new AuthException("auth.publicKeys: " + given.file()
                        + " holds a private key; only its public half belongs here (openssl pkey -pubout)", null);
                default -> throw new AuthException("auth.publicKeys: " + given.file() + " holds a '" + block.group(1)
                        + "'; convert it to BEGIN PUBLIC KEY (openssl pkey -pubin -pubout)", null);
            }
        }
        return keys;
    }

    static void checkLength(VerificationKey key, String place) {
        if (key.key().getModulus().bitLength() < VerificationKey.LEAST_BITS) {
            throw new AuthException("auth: an RSA key of " + place + " has " + key.key().getModulus().bitLength()
                    + " bits; at least " + VerificationKey.LEAST_BITS + " are needed", null);
        }
    }

    /** The one line of a token file. */
    static Secret token(Path file) {
        String token = text(file).strip();
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new AuthException("auth.serviceTokenFile: " + file + " must hold one line with the token", null);
        }
        return new Secret(token);
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new AuthException("auth: " + file + " is longer than " + MOST_BYTES + " bytes", null);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new AuthException("auth: cannot read " + file + " (" + e.getClass().getSimpleName() + ")", e);
        }
    }
}
