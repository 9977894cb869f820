package dev.coxswain.supervisor.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.config.ControlPlaneUrl;
import dev.coxswain.supervisor.functions.Coderunner;
import dev.coxswain.supervisor.functions.Coderunner.Execution;
import dev.coxswain.supervisor.functions.CoderunnerException;
import dev.coxswain.supervisor.functions.Manifest;
import dev.coxswain.supervisor.functions.ManifestKey;
import dev.coxswain.supervisor.functions.Status;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** {@code cox functions run}. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Runs what is deployed, and prints the result.")
final class FunctionsRunCommand implements Callable<Integer> {
    private static final int MOST_BYTES = 6 << 20;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Mixin
    private FunctionFolder folder = new FunctionFolder();

    @Mixin
    private CoderunnerOptions coderunner = new CoderunnerOptions();

    @Option(names = "--payload", paramLabel = "JSON", description = "what it is given; default: null")
    private @Nullable String payload;

    @Option(names = "--payload-file", paramLabel = "FILE", description = "the same from a file")
    private @Nullable Path payloadFile;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "how long to wait for the end, longer than the function's own limit; default: ${DEFAULT-VALUE}", defaultValue = "960")
    private int timeout;

    @Option(names = "--no-wait", description = "starts it, and does not wait for the end")
    private boolean started;

    @Override
    public Integer call() {
        Manifest manifest = folder.manifest();
        String deployment = manifest.need(ManifestKey.DEPLOYMENT_ID, "cox functions push or deploy makes one");
        String json = payload();
        Coderunner client = coderunner.client();
        Execution end;
        try {
            end = run(client, manifest, deployment, json);
        } catch (CoderunnerException e) {
            note(manifest, e.execution() == null ? "" : e.execution(), Status.FAILED);
            throw e;
        }
        note(manifest, end.execution(), end.status());
        return print(end);
    }

    private Execution run(Coderunner client, Manifest manifest, String deployment, String json) {
        Duration limit = Duration.ofSeconds(Math.max(1, timeout));
        URI endpoint = started ? null : Objects.requireNonNull(client.deployment(deployment).block()).endpoint();
        if (endpoint != null) {
            return Objects.requireNonNull(
                    client.call(ControlPlaneUrl.parse("the deployment's address", endpoint.toString()), json, limit)
                            .block());
        }
        Execution begun = Objects.requireNonNull(client.start(deployment, json).block());
        note(manifest, begun.execution(), begun.status());
        return started ? begun : Objects.requireNonNull(client.ended(begun, limit).block());
    }

    private static void note(Manifest manifest, String execution, Status status) {
        Map<ManifestKey, @Nullable String> values = new HashMap<>();
        if (!execution.isEmpty()) {
            values.put(ManifestKey.LAST_JOB_NAME, execution);
        }
        values.put(ManifestKey.LAST_JOB_STATUS, status.word());
        manifest.put(values);
    }

    private int print(Execution end) {
        var out = spec.commandLine().getOut();
        out.println(end.result() != null ? end.result() : end.execution() + " " + end.status().word());
        out.flush();
        if (end.status() != Status.FAILED && end.status() != Status.STOPPED) {
            return ExitCodes.CLEAN;
        }
        spec.commandLine().getErr().println("cox: it ended as " + end.status().word()
                + (end.message().isEmpty() ? "" : ": " + end.message()));
        return ExitCodes.UNEXPECTED;
    }

    private String payload() {
        if (payload != null && payloadFile != null) {
            throw new CliException("--payload and --payload-file both say what to give; use one of them");
        }
        String source = payloadFile == null ? "--payload" : payloadFile.toString();
        try {
            String text = payloadFile == null ? payload == null ? "null" : payload : read(payloadFile);
            return JsonMapper.builder().build().readTree(text).toString();
        } catch (JacksonException e) {
            throw new CliException(source + " is not valid JSON, line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw new CliException(source + " can't be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new CliException(file + " is longer than the 6 MiB that a payload may have");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
