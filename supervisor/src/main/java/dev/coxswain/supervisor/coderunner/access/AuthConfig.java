package dev.coxswain.supervisor.coderunner.access;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * {@code auth} of a coderunner control plane: who may call.
 *
 * @param serviceTokenFile holds one token that is trusted for every workspace; null for none
 * @param publicKeys keys that tokens are signed with
 * @param jwksUrl where more of them are found; null for none
 * @param jwksSessionTrusted whether tokens by those keys need no claims of their own
 * @param issuer what {@code iss} must be; null for anything
 * @param audience what {@code aud} must hold; null for anything
 * @param insecureNoAuth whether nobody is asked for a token; on loopback only
 */
public record AuthConfig(@Nullable Path serviceTokenFile, List<PublicKeyFile> publicKeys, @Nullable URI jwksUrl,
        boolean jwksSessionTrusted, @Nullable String issuer, @Nullable String audience, boolean insecureNoAuth) {
    /** Nobody is asked for a token. */
    public static final AuthConfig NONE = new AuthConfig(null, List.of(), null, false, null, null, true);

    public AuthConfig {
        publicKeys = List.copyOf(publicKeys);
    }

    /** Whether anybody could prove anything. */
    public boolean hasKeys() {
        return serviceTokenFile != null || !publicKeys.isEmpty() || jwksUrl != null;
    }

    /**
     * One file of keys.
     *
     * @param file PEM (public key or certificate) or a JSON Web Key Set
     * @param kid the name that tokens call a PEM's key by; null for any
     * @param sessionTrusted {@code session: trusted}: tokens by it need no claims of their own
     */
    public record PublicKeyFile(Path file, @Nullable String kid, boolean sessionTrusted) {}
}
