package dev.coxswain.supervisor.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code cox functions}. */
@Command(name = "functions", mixinStandardHelpOptions = true, description = "Brings functions to a Coderunner, ours or the original, and runs them.", subcommands = {
        FunctionsInitCommand.class, FunctionsPushCommand.class, FunctionsDeployCommand.class,
        FunctionsRunCommand.class, FunctionsLogsCommand.class, FunctionsManifestCommand.class})
final class FunctionsCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(),
                "what? " + String.join(", ", spec.subcommands().keySet()));
    }
}
