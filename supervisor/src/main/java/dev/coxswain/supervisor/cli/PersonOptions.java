package dev.coxswain.supervisor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.XenonflareRegistration;
import dev.coxswain.supervisor.config.ControlPlaneUrl;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.register.IdToken;
import picocli.CommandLine.Option;

/** Which Xenonflare, and who asks. The token is never an argument: everybody on the host could read it there. */
final class PersonOptions {
    private static final String DEFAULT_URL = "https://cloud.xenonflare.com";
    private static final String VARIABLE = "XENONFLARE_ID_TOKEN";
    private static final int MOST_BYTES = 64 << 10;

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
        String source = tokenFile.equals("-") ? "standard input" : tokenFile;
        try (InputStream in = tokenFile.equals("-") ? System.in : Files.newInputStream(Path.of(tokenFile))) {
            return IdToken.of(new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8), source);
        } catch (IOException e) {
            throw new CliException("--token-file: " + source + " can't be read (" + e.getClass().getSimpleName() + ")");
        }
    }
}
