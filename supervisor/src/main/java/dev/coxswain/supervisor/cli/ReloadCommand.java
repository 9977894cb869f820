package dev.coxswain.supervisor.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import dev.coxswain.supervisor.client.Views;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cox reload}. */
@Command(name = "reload", mixinStandardHelpOptions = true, description = "Has the supervisor read its configuration again, and prints what changed.")
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        String answer = Objects.requireNonNull(admin.client().post("reload", Map.of()).block());
        output.print(() -> answer, views -> views.reloaded(answer));
        List<String> problems = Views.problems(answer);
        problems.forEach(problem -> output.note("cox: " + problem));
        return problems.isEmpty() ? ExitCodes.CLEAN : ExitCodes.USAGE;
    }
}
