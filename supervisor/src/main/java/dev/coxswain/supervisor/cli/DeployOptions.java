package dev.coxswain.supervisor.cli;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.functions.Coderunner.Configuration;
import picocli.CommandLine.Option;

/** What a deployment may take, and when it runs. */
final class DeployOptions {
    @Option(names = "--cpu", paramLabel = "CPU", description = "as 250m or 0.5; default: the server's")
    private @Nullable String cpu;

    @Option(names = "--memory", paramLabel = "SIZE", description = "as 256Mi; default: the server's")
    private @Nullable String memory;

    @Option(names = "--cron", paramLabel = "C", description = "when a schedule runs, in UTC, as '*/5 * * * *'")
    private @Nullable String cron;

    boolean hasCron() {
        return cron != null;
    }

    Configuration configuration() {
        return new Configuration(cpu, memory, cron);
    }
}
