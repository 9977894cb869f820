package dev.coxswain.supervisor.cli;

import picocli.CommandLine.Command;

/** {@code cox resume}. */
@Command(name = "resume", mixinStandardHelpOptions = true, description = "Takes a pause back.")
final class ResumeCommand extends Saying {
    ResumeCommand() {
        super("resume");
    }
}
