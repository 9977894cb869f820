package dev.coxswain.supervisor.cli;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.AdminAddress;
import dev.coxswain.supervisor.client.AdminClient;
import dev.coxswain.supervisor.client.AdminToken;
import picocli.CommandLine.Option;

/** Which supervisor a command speaks to. */
final class AdminOptions {
    @Option(names = "--admin", paramLabel = "URL", description = "where the admin API is; default: COX_ADMIN, else what endpoints.json in the state folder says, else http://127.0.0.1:8710")
    private @Nullable String admin;

    @Option(names = "--state-dir", paramLabel = "DIR", description = "state folder of the supervisor, to find its address; default: .coxswain in the current folder")
    private @Nullable Path stateDir;

    @Option(names = "--token-file", paramLabel = "FILE", description = "holds the admin token; default: COX_ADMIN_TOKEN_FILE, else no token is sent")
    private @Nullable Path tokenFile;

    @Option(names = "--insecure", description = "sends the token in clear text to another host as well")
    private boolean insecure;

    AdminClient client() {
        Entrance.quietByDefault();
        return new AdminClient(AdminAddress.find(admin, stateDir, System.getenv()),
                AdminToken.read(tokenFile, System.getenv()), insecure);
    }
}
