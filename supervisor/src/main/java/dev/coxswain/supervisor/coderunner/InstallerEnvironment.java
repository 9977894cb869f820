package dev.coxswain.supervisor.coderunner;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What installers of dependencies see of our environment: how this host reaches a registry. No user code runs in them, but a
 * version's own {@code .npmrc} can send any variable to a stranger, so none of these may hold a secret.
 */
final class InstallerEnvironment {
    private static final Set<String> NAMES = Set.of("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
            "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "PIP_CERT", "PIP_INDEX_URL",
            "PIP_FIND_LINKS", "NPM_CONFIG_REGISTRY", "NPM_CONFIG_CAFILE");

    private InstallerEnvironment() {}

    /** The variables by these names, in capitals or not, but for those with a user or password in their URL. */
    static Map<String, String> of(Map<String, String> ours) {
        Map<String, String> kept = new TreeMap<>();
        ours.forEach((name, value) -> {
            if (NAMES.contains(name.toUpperCase(Locale.ROOT)) && !value.contains("@")) {
                kept.put(name, value);
            }
        });
        return Map.copyOf(kept);
    }
}
