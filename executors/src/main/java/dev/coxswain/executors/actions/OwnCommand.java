package dev.coxswain.executors.actions;

import java.util.List;
import java.util.Map;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandOutput;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;

/** A command that a step of ours needs, and nobody wrote. */
final class OwnCommand {
    private OwnCommand() {}

    /** Its output; fails with a {@link StepFailure} when it does not end with 0. Cancelling kills it. */
    static Flux<ExecutionEvent> run(Workspace workspace, TimeLimit limit, String failure, String... argv) {
        return Flux.defer(() -> {
            CommandOutput output = new CommandOutput();
            Command command = new Command(List.of(argv), Map.of(), "", limit.left(), Command.DEFAULT_GRACE);
            return output.of(workspace, command).concatWith(Flux.defer(() -> ended(output, limit, failure)));
        });
    }

    private static Flux<ExecutionEvent> ended(CommandOutput output, TimeLimit limit, String failure) {
        if (output.end().timedOut()) {
            return Flux.error(limit.over());
        }
        int code = output.end().code();
        return code == 0
                ? Flux.empty()
                : Flux.error(StepFailure.exited(code, failure + ": " + output.failure()));
    }
}
