package dev.coxswain.supervisor.cli;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.functions.CodeFolder;
import dev.coxswain.supervisor.functions.Manifest;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which function a command is about. */
final class FunctionFolder {
    private static final String MANIFEST = "coderunner.json";

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "folder of the code; default: the current one")
    private Path folder = Path.of("");

    @Option(names = "--manifest", paramLabel = "FILE", description = "keeps the ids; default: coderunner.json in DIR")
    private @Nullable Path manifest;

    Path path() {
        return folder;
    }

    CodeFolder code() {
        return new CodeFolder(folder.toAbsolutePath().normalize());
    }

    Manifest manifest() {
        return new Manifest(manifest == null ? folder.resolve(MANIFEST) : manifest);
    }
}
