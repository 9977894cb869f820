package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.xenonflare.XenonflareInstances;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox register xenonflare}. */
@Command(name = "xenonflare", mixinStandardHelpOptions = true, description = "Makes Xenonflare runners, and adds their keys to a credentials file.", subcommands = {
        RenameXenonflareCommand.class, RevokeXenonflareCommand.class})
final class RegisterXenonflareCommand implements Callable<Integer> {
    private static final int MOST = 1000;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private PersonOptions person = new PersonOptions();

    @Option(names = "--kind", paramLabel = "KIND", description = "user (your jobs) or global (everybody's; for admins); default: user")
    private XenonflareInstances.Kind kind = XenonflareInstances.Kind.USER;

    @Option(names = "--name", paramLabel = "NAME", description = "of several: NAME-1, NAME-2, …; default: the control plane's")
    private @Nullable String name;

    @Option(names = "--count", paramLabel = "N", description = "how many, 1 to 1000; default: ${DEFAULT-VALUE}")
    private int count = 1;

    @Option(names = "--out", paramLabel = "FILE", description = "credentials file, for pools[].credentials.file; is made, or added to")
    private @Nullable Path out;

    @Override
    public Integer call() {
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
        Cox.quietByDefault();
        PrintWriter said = spec.commandLine().getOut();
        Path file = out;
        person.registration(System.getenv()).create(kind, name, count, file).doOnNext(runner -> {
            said.println("made " + runner.id() + ", " + runner.about() + "; its key is in " + file);
            said.flush();
        }).then().block();
        return ExitCodes.CLEAN;
    }
}
