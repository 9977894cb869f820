package dev.coxswain.supervisor.cli;

import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cox completion}. */
@Command(name = "completion", mixinStandardHelpOptions = true, description = "Prints a script that completes commands and options in a shell.", footerHeading = "%n", footer = {
        "bash: source <(cox completion bash)", "zsh:  source <(cox completion zsh)",
        "fish: cox completion fish > ~/.config/fish/completions/cox.fish"})
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private Shell shell = Shell.BASH;

    private enum Shell {
        BASH, ZSH, FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        CommandLine cox = spec.root().commandLine();
        spec.commandLine().getOut().println(switch (shell) {
            // the script brings zsh's bashcompinit along
            case BASH, ZSH -> AutoComplete.bash(spec.root().name(), cox).stripTrailing();
            case FISH -> new FishCompletion(spec.root()).script().stripTrailing();
        });
        spec.commandLine().getOut().flush();
        return ExitCodes.CLEAN;
    }
}
