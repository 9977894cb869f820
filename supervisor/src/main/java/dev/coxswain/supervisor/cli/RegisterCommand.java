package dev.coxswain.supervisor.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code cox register}. */
@Command(name = "register", mixinStandardHelpOptions = true, description = "Makes runners at a control plane and keeps their credentials in a file.", subcommands = {
        RegisterOoreCommand.class, RegisterXenonflareCommand.class})
final class RegisterCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(),
                "at which control plane? " + String.join(", ", spec.subcommands().keySet()));
    }
}
