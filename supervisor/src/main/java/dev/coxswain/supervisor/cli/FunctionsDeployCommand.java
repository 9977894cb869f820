package dev.coxswain.supervisor.cli;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.functions.Coderunner;
import dev.coxswain.supervisor.functions.Coderunner.Deployment;
import dev.coxswain.supervisor.functions.DeploymentType;
import dev.coxswain.supervisor.functions.Manifest;
import dev.coxswain.supervisor.functions.ManifestKey;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cox functions deploy}. */
@Command(name = "deploy", mixinStandardHelpOptions = true, description = "Deploys a version that was pushed before, and waits until it is there.")
final class FunctionsDeployCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private FunctionFolder folder = new FunctionFolder();

    @Mixin
    private CoderunnerOptions coderunner = new CoderunnerOptions();

    @Mixin
    private DeployOptions deploy = new DeployOptions();

    @Option(names = "--version-id", paramLabel = "UUID", description = "default: the one that was pushed last")
    private @Nullable String version;

    @Override
    public Integer call() {
        Manifest manifest = folder.manifest();
        String definition = manifest.need(ManifestKey.DEFINITION_ID, "cox functions push makes one");
        String wanted = version == null
                ? manifest.need(ManifestKey.VERSION_ID, "cox functions push makes one")
                : version;
        return deploy(coderunner.client(), manifest, definition, wanted, deploy.configuration(), null,
                spec.commandLine());
    }

    /** @param told the type, where it is known; else the server is asked, and one that does not tell it means a function */
    static int deploy(Coderunner client, Manifest manifest, String definition, String version,
            Coderunner.Configuration configuration, @Nullable DeploymentType told, CommandLine line) {
        DeploymentType type = told != null
                ? told
                : Objects.requireNonNull(client.type(definition).defaultIfEmpty(DeploymentType.FUNCTION).block());
        Deployment made = Objects.requireNonNull(client.deploy(definition, version, configuration).block());
        manifest.put(Map.of(ManifestKey.VERSION_ID, version, ManifestKey.DEPLOYMENT_ID, made.id()));
        Deployment ready = Objects.requireNonNull(client.ready(made.id(), type).block());
        line.getOut().println(ready.endpoint() == null ? "deployed " + made.id() : String.valueOf(ready.endpoint()));
        line.getOut().flush();
        return ExitCodes.CLEAN;
    }
}
