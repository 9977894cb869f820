package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.coxswain.supervisor.http.HttpClients;

/**
 * The start that unit files, images and people write: {@code run -c FILE}. It goes past the parser of the command line, whose
 * classes no class archive can hold (their form is older than Java 6), which costs a third of the time to the first lease. Every
 * other form is the parser's.
 */
final class PlainRun {
    private final RunCommand command;

    private PlainRun(RunCommand command) {
        this.command = command;
    }

    /** This start, or nothing when the arguments are not exactly {@code run -c FILE}. */
    static Optional<PlainRun> of(String... args) {
        return args.length == 3 && args[0].equals("run") && List.of("-c", "--config").contains(args[1])
                && args[2].matches("[^-@\"'].*")
                        ? Optional.of(new PlainRun(new RunCommand(new ConfigSource(Path.of(args[2])))))
                        : Optional.empty();
    }

    /** As the parser would: runs it, says what went wrong, returns the exit code. */
    int run(PrintWriter err) {
        Thread.ofPlatform().name("cox-head-start").daemon().start(HttpClients::headStart);
        try {
            return command.call();
        } catch (RuntimeException e) {
            return Cox.failed(e, err);
        }
    }
}
