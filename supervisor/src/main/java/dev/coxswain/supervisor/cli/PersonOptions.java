package dev.coxswain.supervisor.cli;

import java.net.URI;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.XenonflareRegistration;
import dev.coxswain.supervisor.config.ControlPlaneUrl;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.register.IdToken;
import picocli.CommandLine.Option;

/** Which Xenonflare, and who asks. */
final class PersonOptions {
    private static final String DEFAULT_URL = "https://cloud.xenonflare.com";
    private static final String VARIABLE = "XENONFLARE_ID_TOKEN";

    @Option(names = "--url", paramLabel = "URL", description = "the control plane; default: RUNNER_API_BASE, else "
            + DEFAULT_URL)
    private @Nullable String url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "file with your Firebase ID token; - for standard input; default: the variable "
            + VARIABLE)
    private @Nullable String tokenFile;

    XenonflareRegistration registration(Map<String, String> environment) {
        return new XenonflareRegistration(url(environment), token(environment));
    }

    private URI url(Map<String, String> environment) {
        String variable = environment.getOrDefault("RUNNER_API_BASE", "");
        if (url != null) {
            return ControlPlaneUrl.parse("--url", url);
        }
        return ControlPlaneUrl.parse("RUNNER_API_BASE", variable.isBlank() ? DEFAULT_URL : variable.strip());
    }

    private Secret token(Map<String, String> environment) {
        if (tokenFile == null) {
            String variable = environment.get(VARIABLE);
            if (variable == null) {
                throw new CliException("no Firebase ID token: name its file by --token-file, or set " + VARIABLE);
            }
            return IdToken.of(variable, VARIABLE);
        }
        TokenFile file = new TokenFile(tokenFile);
        return IdToken.of(file.text(), file.source());
    }
}
