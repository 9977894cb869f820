package dev.coxswain.supervisor.cli;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cox status}. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows the fleet at a glance.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        String status = Objects.requireNonNull(admin.client().status().block());
        output.print(() -> status, views -> views.status(status, Instant.now()));
        return ExitCodes.CLEAN;
    }
}
