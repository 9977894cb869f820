package dev.coxswain.supervisor.cli;

import java.net.URI;
import java.util.concurrent.Callable;

import dev.coxswain.supervisor.OoreRegistration;
import dev.coxswain.supervisor.config.ControlPlaneUrl;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.controlplane.Secret;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox register oore}. */
@Command(name = "oore", mixinStandardHelpOptions = true, description = "Registers runners at an Oore daemon, and adds their ids and tokens to a credentials file.")
final class RegisterOoreCommand implements Callable<Integer> {
    private static final int MOST_CHARS = 4096;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--url", paramLabel = "URL", required = true, description = "the daemon; http only to a loopback address or localhost")
    private String url = "";

    @Option(names = "--token-file", paramLabel = "FILE", required = true, description = "file with a user token of an owner or admin; - for standard input")
    private String tokenFile = "";

    @Mixin
    private NewRunners runners = new NewRunners();

    @Override
    public Integer call() {
        URI daemon = ControlPlaneUrl.parse("--url", url);
        return runners.make((name, count, out) -> new OoreRegistration(daemon, token())
                .register(name == null ? FleetFileLoader.hostName() : name.strip(), count, out));
    }

    private Secret token() {
        TokenFile file = new TokenFile(tokenFile);
        String token = file.text().strip();
        if (token.isEmpty() || token.length() > MOST_CHARS || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new CliException("--token-file: " + file.source() + " holds no user token: that is one word");
        }
        file.warn(spec.commandLine());
        return new Secret(token);
    }
}
