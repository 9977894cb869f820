package dev.coxswain.supervisor.cli;

import java.net.URI;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.config.ControlPlaneUrl;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.functions.Coderunner;
import dev.coxswain.supervisor.functions.Identity;
import dev.coxswain.supervisor.functions.MintedTokens;
import dev.coxswain.supervisor.functions.Tokens;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.scheduler.Schedulers;

/** Which Coderunner a command speaks to, and as whom. */
final class CoderunnerOptions {
    private static final int MOST_CHARS = 16 << 10;

    @Spec(Spec.Target.MIXEE)
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--url", paramLabel = "URL", required = true, description = "the Coderunner; http only to a loopback address or localhost")
    private String url = "";

    @Option(names = "--workspace", paramLabel = "UUID", required = true, description = "the workspace that all of it belongs to")
    private String workspace = "";

    @Option(names = "--user", paramLabel = "ID", required = true, description = "the portal's user id, written down as who did it")
    private String user = "";

    @ArgGroup(multiplicity = "1")
    private Credential credential = new Credential();

    /** One of the two. */
    private static final class Credential {
        @Option(names = "--token-file", paramLabel = "FILE", required = true, description = "file with a token that it accepts; - for standard input")
        private @Nullable String tokenFile;

        @ArgGroup(exclusive = false)
        private @Nullable Key key;
    }

    /** For those who are a Control Plane themselves. */
    private static final class Key {
        @Option(names = "--key-file", paramLabel = "FILE", required = true, description = "private RSA key (PKCS #8, PEM) that tokens are signed with")
        private String keyFile = "";

        @Option(names = "--key-id", paramLabel = "KID", description = "names the key in the tokens")
        private @Nullable String keyId;

        @Option(names = "--issuer", paramLabel = "ISS", description = "named in the tokens")
        private @Nullable String issuer;
    }

    /** The client; what it does is told on standard error. */
    Coderunner client() {
        Entrance.quietByDefault();
        URI base = ControlPlaneUrl.parse("--url", url);
        Identity identity = new Identity(workspace, user);
        return new Coderunner(base, identity, tokens(identity), Schedulers.parallel(),
                () -> ThreadLocalRandom.current().nextDouble(), this::tell);
    }

    private void tell(String step) {
        spec.commandLine().getErr().println(step);
        spec.commandLine().getErr().flush();
    }

    private Tokens tokens(Identity identity) {
        Key key = credential.key;
        TokenFile file = new TokenFile(key == null ? String.valueOf(credential.tokenFile) : key.keyFile);
        String text = file.text().strip();
        file.warn(spec.commandLine());
        if (key != null) {
            return MintedTokens.of(text, "--key-file: " + file.source(), key.keyId, key.issuer, identity,
                    Clock.systemUTC());
        }
        if (text.isEmpty() || text.length() > MOST_CHARS || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new CliException("--token-file: " + file.source() + " holds no token: that is one word");
        }
        return Tokens.of(new Secret(text));
    }
}
