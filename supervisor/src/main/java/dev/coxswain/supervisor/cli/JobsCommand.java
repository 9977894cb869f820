package dev.coxswain.supervisor.cli;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.Listing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox jobs}. */
@Command(name = "jobs", mixinStandardHelpOptions = true, description = "Lists jobs: running ones by age, then the newest that ended.")
final class JobsCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private Output output = new Output();

    @Mixin
    private Limit limit = new Limit();

    @Option(names = "--state", paramLabel = "STATE", description = "only those in this state: leased, running, settling or ended")
    private @Nullable String state;

    @Option(names = "--search", paramLabel = "TEXT", description = "only those with this in key, id, runner, pool, control plane, result or message, upper and lower case alike")
    private @Nullable String search;

    @Override
    public Integer call() {
        Listing jobs = Objects.requireNonNull(admin.client().jobs(state, search, limit.items()).block());
        output.print(jobs::json, views -> views.jobs(jobs, Instant.now()));
        limit.tell(jobs, output);
        return ExitCodes.CLEAN;
    }
}
