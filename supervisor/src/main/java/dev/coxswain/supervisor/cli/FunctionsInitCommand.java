package dev.coxswain.supervisor.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import dev.coxswain.executors.function.Language;
import dev.coxswain.supervisor.functions.Starter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cox functions init}. */
@Command(name = "init", mixinStandardHelpOptions = true, description = "Writes a first function into a folder.")
final class FunctionsInitCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "is made when it is missing")
    private Path folder = Path.of("");

    @Option(names = "--language", paramLabel = "LANGUAGE", description = "nodejs, python or dotnet_script; default: nodejs")
    private Language language = Language.NODEJS;

    @Override
    public Integer call() {
        Path file = Starter.write(folder, language);
        spec.commandLine().getOut().println("made " + file + "; next: cox functions push " + folder);
        spec.commandLine().getOut().flush();
        return ExitCodes.CLEAN;
    }
}
