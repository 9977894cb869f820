package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cox register xenonflare revoke}. */
@Command(name = "revoke", mixinStandardHelpOptions = true, description = "Makes the key of a Xenonflare runner worthless, at once.")
final class RevokeXenonflareCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private PersonOptions person = new PersonOptions();

    @Parameters(index = "0", paramLabel = "INSTANCE", description = "its id, from the credentials file")
    private String instance = "";

    @Override
    public Integer call() {
        Entrance.quietByDefault();
        person.registration(System.getenv()).revoke(instance).block();
        PrintWriter out = spec.commandLine().getOut();
        out.println("revoked " + instance + "; remove its key from the credentials file, and reload");
        out.flush();
        return ExitCodes.CLEAN;
    }
}
