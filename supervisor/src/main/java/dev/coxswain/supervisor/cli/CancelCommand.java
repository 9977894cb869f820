package dev.coxswain.supervisor.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.client.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cox cancel}. */
@Command(name = "cancel", mixinStandardHelpOptions = true, description = "Stops a running job; it is reported as cancelled.")
final class CancelCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private Output output = new Output();

    @Parameters(paramLabel = "JOB", description = "its key, as in: cox jobs")
    private String job = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "told to the control plane")
    private @Nullable String reason;

    @Override
    public Integer call() {
        String answer = Objects.requireNonNull(admin.client().cancel(job, reason).block());
        output.print(() -> answer, views -> List.of("stopping " + Views.field(answer, "key")));
        return ExitCodes.CLEAN;
    }
}
