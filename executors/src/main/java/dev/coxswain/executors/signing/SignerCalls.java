package dev.coxswain.executors.signing;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Mono;

/**
 * Runs the programs that sign, in the folder of the keystore and not in that of the repository. The passwords are in the
 * environment of the one process that needs them, and nowhere else.
 *
 * @param folder of the keystore, relative to the workspace
 * @param environment for every program
 */
record SignerCalls(Workspace workspace, String folder, SigningProfile profile, Map<String, String> environment) {
    static final String STORE_PASSWORD = "COX_SIGNING_STORE_PASSWORD";
    static final String KEY_PASSWORD = "COX_SIGNING_KEY_PASSWORD";
    /** Far more than a file of the size that a store takes needs, on a busy host. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    /** Absolute path of the keystore. */
    String keystore() {
        return workspace.pathOf(folder + "/" + SigningRun.KEYSTORE);
    }

    /** Runs a program that signs. */
    Mono<ToolOutput> secretly(List<String> argv) {
        return run(argv, Map.of(STORE_PASSWORD, profile.storePassword(), KEY_PASSWORD, profile.keyPassword()));
    }

    /** Runs a program that needs no secret. */
    Mono<ToolOutput> plainly(List<String> argv) {
        return run(argv, Map.of());
    }

    /** Emits what it wrote, when it ended well; else fails with its last line. */
    private Mono<ToolOutput> run(List<String> argv, Map<String, String> secrets) {
        return Mono.defer(() -> {
            ToolOutput written = new ToolOutput();
            Map<String, String> variables = new HashMap<>(environment);
            variables.putAll(secrets);
            return workspace.run(new Command(argv, variables, folder, LONGEST, Command.DEFAULT_GRACE))
                    .mapNotNull(event -> exit(event, written)).last().map(exit -> {
                        String program = argv.getFirst().substring(argv.getFirst().lastIndexOf('/') + 1);
                        if (exit.timedOut()) {
                            throw new WorkspaceException(
                                    program + " did not end within " + LONGEST.toMinutes() + " minutes");
                        }
                        if (exit.code() != 0) {
                            throw new WorkspaceException(program + " failed (exit code " + exit.code() + "): "
                                    + written.lastLine(profile));
                        }
                        return written;
                    });
        });
    }

    private static CommandEvent.@Nullable Exited exit(CommandEvent event, ToolOutput written) {
        return switch (event) {
            case CommandEvent.Started started -> null;
            case CommandEvent.Output output -> {
                written.add(output.bytes());
                yield null;
            }
            case CommandEvent.Exited exited -> exited;
        };
    }

    /** Hides the profile, and an environment that is nobody's business. */
    @Override
    public String toString() {
        return "SignerCalls[" + folder + "]";
    }
}
