package dev.coxswain.supervisor.cli;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import dev.coxswain.supervisor.client.Views;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;

/** Tells runners to pause or to resume. */
abstract sealed class Saying implements Callable<Integer> permits PauseCommand, ResumeCommand {
    private final String verb;

    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Mixin
    private Output output = new Output();

    @ArgGroup
    private Whom whom = new Whom();

    /** {@code verb}: the path of the API, and with a {@code d} what is said about the runners. */
    Saying(String verb) {
        this.verb = verb;
    }

    @Override
    public final Integer call() {
        String answer = Objects.requireNonNull(admin.client().post(verb, whom.fields()).block());
        output.print(() -> answer, views -> List.of(verb + "d, runners: " + Views.field(answer, "runners")));
        return ExitCodes.CLEAN;
    }
}
