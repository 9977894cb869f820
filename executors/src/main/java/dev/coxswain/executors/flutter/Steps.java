package dev.coxswain.executors.flutter;

import java.util.List;
import java.util.Map;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.CommandOutput;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;

/** Runs commands of the repository, each as a step of its own (contract oore-ci 7, 12). */
final class Steps {
    private final Workspace workspace;
    private final Deadline deadline;
    private final Map<String, String> environment;

    /** @param environment of every command */
    Steps(Workspace workspace, Deadline deadline, Map<String, String> environment) {
        this.workspace = workspace;
        this.deadline = deadline;
        this.environment = environment;
    }

    /**
     * Runs one command with the shell, in the checkout. Fails with the build's end when it ends with anything but 0, or its
     * time is over. Cancelling kills it with all that it started.
     */
    Flux<ExecutionEvent> run(String name, String text) {
        return Flux.defer(() -> {
            CommandOutput output = new CommandOutput();
            Command command = new Command(List.of("/bin/sh", "-c", text), environment, Checkout.FOLDER,
                    deadline.left(name), Command.DEFAULT_GRACE);
            String preview = BuildEnvironment.preview(text);
            return Flux.concat(Flux.just(new ExecutionEvent.StepStarted(name, preview),
                    CommandOutput.line("$ " + preview),
                    CommandOutput.line("# env: " + BuildEnvironment.shown(environment))),
                    output.of(workspace, command), Flux.defer(() -> end(name, output)));
        });
    }

    private Flux<ExecutionEvent> end(String name, CommandOutput output) {
        CommandEvent.Exited exited = output.end();
        if (exited.timedOut()) {
            // a command may answer TERM with exit code 0
            return Flux.<ExecutionEvent>just(
                    new ExecutionEvent.StepEnded(name, exited.code(), ExecutionEvent.StepResult.FAILED))
                    .concatWith(Flux.error(deadline.over(name)));
        }
        Flux<ExecutionEvent> ended = Flux.just(new ExecutionEvent.StepEnded(name, exited.code()));
        return exited.code() == 0
                ? ended
                : ended.concatWith(Flux.error(BuildEnd.failed(name + " failed with " + output.failure())));
    }
}
