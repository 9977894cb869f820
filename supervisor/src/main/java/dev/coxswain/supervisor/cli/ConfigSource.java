package dev.coxswain.supervisor.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.config.EnvironmentLoader;
import dev.coxswain.supervisor.config.EnvironmentRun;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.config.RunLimits;
import picocli.CommandLine.Option;

/** Where the configuration comes from: a file, or the official Xenonflare worker's environment. */
final class ConfigSource {
    @Option(names = {"-c", "--config"}, required = true, paramLabel = "FILE", description = "fleet.yaml")
    private @Nullable Path file;

    @Option(names = "--from-env", required = true, description = "the official Xenonflare worker's variables (RUNNER_TOKEN, RUNNER_API_BASE, OPENAI_API_KEY, …) and ./.env")
    private boolean fromEnvironment;

    /** For the parser of the command line, which fills it in. */
    ConfigSource() {}

    ConfigSource(Path file) {
        this.file = file;
    }

    /** Reads and checks it; a file has no limits. */
    EnvironmentRun load(Map<String, String> environment) {
        return fromEnvironment
                ? new EnvironmentLoader().load(environment)
                : new EnvironmentRun(new FleetFileLoader().load(Objects.requireNonNull(file), environment),
                        RunLimits.NONE);
    }

    /** What messages call it. */
    @Override
    public String toString() {
        return file == null ? "environment" : file.toString();
    }
}
