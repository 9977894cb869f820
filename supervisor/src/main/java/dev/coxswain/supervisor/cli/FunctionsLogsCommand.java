package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.functions.Coderunner;
import dev.coxswain.supervisor.functions.Coderunner.LogLine;
import dev.coxswain.supervisor.functions.Manifest;
import dev.coxswain.supervisor.functions.ManifestKey;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox functions logs}. */
@Command(name = "logs", mixinStandardHelpOptions = true, description = "Prints what the code wrote: in its last run, or of late.")
final class FunctionsLogsCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private FunctionFolder folder = new FunctionFolder();

    @Mixin
    private CoderunnerOptions coderunner = new CoderunnerOptions();

    @Option(names = "--execution", paramLabel = "ID", description = "of this run; default: the last one that was started from here")
    private @Nullable String execution;

    @Option(names = "--tail", paramLabel = "N", description = "the newest N lines of all runs of the deployment instead")
    private @Nullable Integer tail;

    @Override
    public Integer call() {
        Manifest manifest = folder.manifest();
        Coderunner client = coderunner.client();
        List<LogLine> lines = Objects.requireNonNull((tail == null
                ? client.executionLog(execution == null
                        ? manifest.need(ManifestKey.LAST_JOB_NAME, "cox functions run starts one; --tail shows all")
                        : execution)
                : client.deploymentLog(
                        manifest.need(ManifestKey.DEPLOYMENT_ID, "cox functions push or deploy makes one"),
                        Math.max(1, tail)))
                .block());
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(line -> out.println(line.time() + " " + line.stream() + " " + line.text()));
        out.flush();
        return ExitCodes.CLEAN;
    }
}
