package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.register.NewRunner;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;

/** How many runners to make, how to call them, and where their credentials go. */
final class NewRunners {
    private static final int MOST = 1000;

    @Spec(Spec.Target.MIXEE)
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--name", paramLabel = "NAME", description = "of several: NAME-1, NAME-2, …; default: the control plane's, or this host's where it has none")
    private @Nullable String name;

    @Option(names = "--count", paramLabel = "N", description = "how many, 1 to 1000; default: ${DEFAULT-VALUE}")
    private int count = 1;

    @Option(names = "--out", paramLabel = "FILE", description = "credentials file, for pools[].credentials.file; is made, or added to")
    private @Nullable Path out;

    /** What makes them. */
    @FunctionalInterface
    interface Making {
        Flux<NewRunner> make(@Nullable String name, int count, Path out);
    }

    /** Checks what was given, makes them, and tells of each; returns the exit code. */
    int make(Making making) {
        if (out == null) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                    "Missing required option: '--out=FILE': the keys are shown only once");
        }
        if (count < 1 || count > MOST) {
            throw new CliException("--count is 1 to " + MOST);
        }
        if (name != null && (name.isBlank() || name.chars().anyMatch(Character::isISOControl))) {
            throw new CliException("--name is blank or has control characters");
        }
        Entrance.quietByDefault();
        PrintWriter said = spec.commandLine().getOut();
        Path file = out;
        making.make(name, count, file).doOnNext(runner -> {
            said.println("made " + runner.id() + ", " + runner.about() + "; its key is in " + file);
            said.flush();
        }).then().block();
        return ExitCodes.CLEAN;
    }
}
