package dev.coxswain.supervisor.coderunner;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InstallerEnvironmentTest {
    @Test
    void onlyTheWayToARegistryIsToldAndNoSecret() {
        assertThat(InstallerEnvironment.of(Map.of("https_proxy", "http://proxy:3128", "HTTP_PROXY",
                "http://me:word@proxy:3128", "NODE_EXTRA_CA_CERTS", "/ca.pem", "OPENAI_API_KEY", "k", "PATH", "/bin",
                "NPM_CONFIG__AUTH", "x", "PIP_INDEX_URL", "https://t0ken@index")))
                .containsOnly(Map.entry("https_proxy", "http://proxy:3128"),
                        Map.entry("NODE_EXTRA_CA_CERTS", "/ca.pem"));
    }
}
