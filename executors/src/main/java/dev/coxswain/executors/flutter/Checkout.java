package dev.coxswain.executors.flutter;

import java.time.Duration;
import java.util.function.Predicate;

import dev.coxswain.executors.CommandOutput;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.git.GitCheckout;
import dev.coxswain.executors.git.GitFailure;
import dev.coxswain.executors.git.GitLimit;
import dev.coxswain.executors.git.GitRef;
import dev.coxswain.executors.git.GitRemote;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** The first step of a build: its sources, with their submodules (contract oore-ci 10, 12). */
final class Checkout {
    static final String FOLDER = "checkout";
    static final String STEP = "checkout";

    private final Deadline deadline;
    private final GitCheckout git;

    Checkout(Workspace workspace, Deadline deadline, GitRemote remote, GitRef ref) {
        this.deadline = deadline;
        this.git = new GitCheckout(workspace, new Limit(), remote, ref, new GitCheckout.Shape(FOLDER, 1, true));
    }

    private final class Limit implements GitLimit {
        @Override
        public Duration left() {
            return deadline.left(STEP);
        }

        @Override
        public Retry again(int times, Predicate<Throwable> such) {
            return deadline.again(times, such);
        }
    }

    /** The step, from its start to its end; fails with the build's end when a command does. Cancelling kills git. */
    Flux<ExecutionEvent> run() {
        String preview = git.preview();
        return Flux.<ExecutionEvent>just(new ExecutionEvent.StepStarted(STEP, preview),
                CommandOutput.line("$ " + preview))
                .concatWith(git.run().onErrorResume(GitFailure.class, this::failed))
                .concatWith(Flux.just(new ExecutionEvent.StepEnded(STEP, 0)));
    }

    private Flux<ExecutionEvent> failed(GitFailure failure) {
        return Flux.<ExecutionEvent>just(
                new ExecutionEvent.StepEnded(STEP, failure.code(), ExecutionEvent.StepResult.FAILED))
                .concatWith(Flux.error(failure.timedOut() ? deadline.over(STEP) : BuildEnd.failed(failure.text())));
    }
}
