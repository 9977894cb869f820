package dev.coxswain.supervisor.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.function.Language;
import dev.coxswain.supervisor.functions.Coderunner;
import dev.coxswain.supervisor.functions.DeploymentType;
import dev.coxswain.supervisor.functions.Manifest;
import dev.coxswain.supervisor.functions.ManifestKey;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox functions push}. */
@Command(name = "push", mixinStandardHelpOptions = true, description = "Defines a function unless that was done before, uploads its code, waits, and deploys it.")
final class FunctionsPushCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private FunctionFolder folder = new FunctionFolder();

    @Mixin
    private CoderunnerOptions coderunner = new CoderunnerOptions();

    @Mixin
    private DeployOptions deploy = new DeployOptions();

    @Option(names = "--name", paramLabel = "N", description = "of a new definition; default: the folder's")
    private @Nullable String name;

    @Option(names = "--type", paramLabel = "TYPE", description = "of a new definition: function, job, schedule or service; default: schedule with --cron, else function")
    private @Nullable DeploymentType type;

    @Option(names = "--language", paramLabel = "LANGUAGE", description = "of a new definition: nodejs, python or dotnet_script; default: what is in the folder")
    private @Nullable Language language;

    @Option(names = "--description", paramLabel = "TEXT", description = "of this version")
    private String description = "";

    @Option(names = "--no-deploy", description = "stops when the version can be deployed")
    private boolean kept;

    @Override
    public Integer call() {
        Coderunner client = coderunner.client();
        Manifest manifest = folder.manifest();
        String definition = definition(client, manifest);
        String version = Objects.requireNonNull(folder.code()
                .packed(manifest.file(), zip -> client.upload(definition, zip, description)).block());
        manifest.put(Map.of(ManifestKey.VERSION_ID, version));
        client.processed(version).block();
        if (kept) {
            spec.commandLine().getOut().println("version " + version);
            spec.commandLine().getOut().flush();
            return ExitCodes.CLEAN;
        }
        return FunctionsDeployCommand.deploy(client, manifest, definition, version, deploy.configuration(), type,
                spec.commandLine());
    }

    /** The one that was made before; its type and language are settled. */
    private String definition(Coderunner client, Manifest manifest) {
        String known = manifest.get(ManifestKey.DEFINITION_ID);
        if (known != null) {
            return known;
        }
        if (type == null) {
            type = deploy.hasCron() ? DeploymentType.SCHEDULE : DeploymentType.FUNCTION;
        }
        if (type == DeploymentType.SCHEDULE && !deploy.hasCron() && !kept) {
            throw new CliException("a schedule needs --cron");
        }
        String called = name == null ? folder.code().name() : name;
        String made = Objects.requireNonNull(
                client.define(called, description, type, folder.code().language(language)).block());
        Map<ManifestKey, @Nullable String> written = new HashMap<>();
        written.put(ManifestKey.DEFINITION_ID, made);
        written.put(ManifestKey.DEPLOYMENT_ID, null);
        manifest.put(written);
        return made;
    }
}
