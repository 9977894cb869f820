package dev.coxswain.supervisor.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import dev.coxswain.supervisor.client.Views;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cox pause}. */
@Command(name = "pause", mixinStandardHelpOptions = true, description = "Has runners lease nothing new; their jobs go on.")
final class PauseCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private Output output = new Output();

    @ArgGroup
    private Whom whom = new Whom();

    @Override
    public Integer call() {
        String answer = Objects.requireNonNull(admin.client().post("pause", whom.fields()).block());
        output.print(() -> answer, views -> List.of("paused, runners: " + Views.field(answer, "runners")));
        return ExitCodes.CLEAN;
    }
}
