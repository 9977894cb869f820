package dev.coxswain.supervisor.cli;

import java.util.concurrent.Callable;

import dev.coxswain.supervisor.controlplane.xenonflare.XenonflareInstances;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox register xenonflare}. */
@Command(name = "xenonflare", mixinStandardHelpOptions = true, description = "Makes Xenonflare runners, and adds their keys to a credentials file.", subcommands = {
        RenameXenonflareCommand.class, RevokeXenonflareCommand.class})
final class RegisterXenonflareCommand implements Callable<Integer> {
    @Mixin
    private PersonOptions person = new PersonOptions();

    @Option(names = "--kind", paramLabel = "KIND", description = "user (your jobs) or global (everybody's; for admins); default: user")
    private XenonflareInstances.Kind kind = XenonflareInstances.Kind.USER;

    @Mixin
    private NewRunners runners = new NewRunners();

    @Override
    public Integer call() {
        return runners.make(
                (name, count, out) -> person.registration(System.getenv()).create(kind, name, count, out));
    }
}
