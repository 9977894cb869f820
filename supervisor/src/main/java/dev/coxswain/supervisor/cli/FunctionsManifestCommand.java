package dev.coxswain.supervisor.cli;

import java.util.concurrent.Callable;

import dev.coxswain.supervisor.functions.Manifest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code cox functions manifest}. */
@Command(name = "manifest", mixinStandardHelpOptions = true, description = "Prints the manifest block: the ids that a Control Plane keeps.")
final class FunctionsManifestCommand implements Callable<Integer> {
    @Mixin
    private FunctionFolder folder = new FunctionFolder();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        Manifest manifest = folder.manifest();
        output.print(manifest::text,
                views -> manifest.lines().stream().map(line -> line.getKey() + " " + line.getValue()).toList());
        return ExitCodes.CLEAN;
    }
}
