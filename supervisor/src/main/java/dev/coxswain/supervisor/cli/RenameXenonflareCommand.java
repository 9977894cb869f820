package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cox register xenonflare rename}. */
@Command(name = "rename", mixinStandardHelpOptions = true, description = "Gives a Xenonflare runner another name.")
final class RenameXenonflareCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private PersonOptions person = new PersonOptions();

    @Parameters(index = "0", paramLabel = "INSTANCE", description = "its id, from the credentials file")
    private String instance = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "the new name")
    private String name = "";

    @Override
    public Integer call() {
        Entrance.quietByDefault();
        String taken = person.registration(System.getenv()).rename(instance, name).block();
        PrintWriter out = spec.commandLine().getOut();
        out.println(instance + " is now named " + taken);
        out.flush();
        return ExitCodes.CLEAN;
    }
}
