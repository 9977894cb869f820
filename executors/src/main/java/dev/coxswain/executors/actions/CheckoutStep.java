package dev.coxswain.executors.actions;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.git.GitCheckout;
import dev.coxswain.executors.git.GitFailure;
import dev.coxswain.executors.git.GitRef;
import dev.coxswain.executors.git.GitRefusedException;
import dev.coxswain.executors.git.GitRemote;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** {@code actions/checkout}: the job's one commit, into the folder that steps work in (contract shithub-actions 11). */
final class CheckoutStep {
    private static final String DEPTH = "fetch-depth";
    private static final int MOST_DEPTH = 100_000;
    private static final Pattern REF = Pattern.compile("refs/(?:heads|tags)/([A-Za-z0-9_][A-Za-z0-9_./+@-]{0,200})");

    private final Workspace workspace;
    private final JobDocument job;
    private final JobAccess access;

    CheckoutStep(Workspace workspace, JobDocument job, JobAccess access) {
        this.workspace = workspace;
        this.job = job;
        this.access = access;
    }

    /** What git says. Fails with a {@link StepFailure}; cancelling kills git. */
    Flux<ExecutionEvent> run(Map<String, String> with, TimeLimit limit) {
        return Flux.defer(() -> {
            int depth = depth(with);
            GitRef.Commit commit = commit();
            GitCheckout git = new GitCheckout(workspace, limit, remote(), commit,
                    new GitCheckout.Shape(StepPlace.WORK, depth, false));
            // what an earlier step left there could send git, and the credential, anywhere
            return Flux.concat(workspace.wipe(StepPlace.WORK + "/.git").thenMany(Flux.empty()), git.run(),
                    verify(commit.sha()));
        }).onErrorMap(GitFailure.class, failure -> failure.timedOut()
                ? limit.over()
                : StepFailure.exited(failure.code(), failure.text()));
    }

    private static int depth(Map<String, String> with) {
        for (String key : with.keySet()) {
            if (!key.equals(DEPTH)) {
                throw StepFailure.of("actions/checkout knows only fetch-depth here, not " + key);
            }
        }
        String told = with.getOrDefault(DEPTH, "").strip();
        int depth = told.isEmpty() ? 1 : told.matches("\\d{1,6}") ? Integer.parseInt(told) : MOST_DEPTH + 1;
        if (depth > MOST_DEPTH) {
            throw StepFailure.of("fetch-depth must be a number from 0, which is the whole history, to " + MOST_DEPTH);
        }
        return depth;
    }

    private GitRemote remote() {
        SourceAccess sources = access.sources();
        if (sources == null) {
            throw StepFailure.of("the control plane gave no way to check this repository out");
        }
        try {
            return GitRemote.of(job.fact("checkout_url"), sources);
        } catch (GitRefusedException e) {
            throw StepFailure.of(String.valueOf(e.getMessage()));
        }
    }

    private GitRef.Commit commit() {
        try {
            if (GitRef.of(job.fact("head_sha"), branch()) instanceof GitRef.Commit commit) {
                return commit;
            }
        } catch (GitRefusedException e) {
            throw StepFailure.of("head_sha: " + e.getMessage());
        }
        throw StepFailure.of("the control plane's job names no commit (head_sha): there is nothing to check out");
    }

    /** Where to look when the server hands out no single commit; a tag is found by its name as well. */
    private @Nullable String branch() {
        var ref = REF.matcher(job.fact("head_ref"));
        if (!ref.matches()) {
            return null;
        }
        try {
            GitRef.of(null, ref.group(1));
            return ref.group(1);
        } catch (GitRefusedException e) {
            return null;
        }
    }

    private Flux<ExecutionEvent> verify(String sha) {
        return workspace.read(StepPlace.WORK + "/.git/HEAD", 1_024)
                .map(head -> new String(head, StandardCharsets.UTF_8).strip()).defaultIfEmpty("")
                .flatMap(head -> head.equals(sha)
                        ? Mono.<ExecutionEvent>empty()
                        : Mono.error(StepFailure.of("the checkout is not at commit " + sha)))
                .flux();
    }
}
