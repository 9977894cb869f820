package dev.coxswain.supervisor.cli;

import picocli.CommandLine.Command;

/** {@code cox pause}. */
@Command(name = "pause", mixinStandardHelpOptions = true, description = "Has runners lease nothing new; their jobs go on.")
final class PauseCommand extends Saying {
    PauseCommand() {
        super("pause");
    }
}
