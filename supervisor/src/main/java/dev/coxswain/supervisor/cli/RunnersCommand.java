package dev.coxswain.supervisor.cli;

import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.Listing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox runners}. */
@Command(name = "runners", mixinStandardHelpOptions = true, description = "Lists runners, each with the reason why it runs no job.")
final class RunnersCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Limit limit = new Limit();

    @Option(names = "--pool", paramLabel = "POOL", description = "only those of this pool")
    private @Nullable String pool;

    @Option(names = "--state", paramLabel = "STATE", description = "only those in this state: idle, polling, leased, running, settling, paused, quarantined, draining or stopped")
    private @Nullable String state;

    @Option(names = "--search", paramLabel = "TEXT", description = "only those with this in name, pool, control plane or reason, upper and lower case alike")
    private @Nullable String search;

    @Override
    public Integer call() {
        Listing runners = Objects.requireNonNull(admin.client().runners(pool, state, search, limit.items()).block());
        output.print(runners::json, views -> views.runners(runners));
        limit.tell(runners, output);
        return ExitCodes.CLEAN;
    }
}
