package dev.coxswain.supervisor.simulator.oore;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.git.GitRepository;
import dev.coxswain.supervisor.simulator.git.GitRequestException;
import dev.coxswain.supervisor.simulator.git.UploadPack;

/**
 * The checkout proxy (contract oore-ci 10) with what it leads to. Open only while the build runs, and only to fetch.
 */
final class GitProxy {
    private final Builds builds;
    private final UploadPack git;

    GitProxy(Builds builds, GitRepository repository) {
        this.builds = builds;
        git = new UploadPack(repository);
    }

    /** Which branches there are. */
    Answer refs(Call call, Runner runner) {
        checkRepository(call, runner);
        if (!call.uri().endsWith("/info/refs?service=" + UploadPack.SERVICE)) {
            throw forbidden();
        }
        return git.refs();
    }

    /** The commit, to whoever wants it. */
    Answer pack(Call call, Runner runner) {
        checkRepository(call, runner);
        if (call.uri().indexOf('?') >= 0) {
            throw forbidden();
        }
        try {
            return git.pack(call);
        } catch (GitRequestException e) {
            throw Refusal.of(400, "invalid_git_request", String.valueOf(e.getMessage()));
        }
    }

    /** Whatever else there might be behind the proxy. */
    Answer other(Call call, Runner runner) {
        checkRepository(call, runner);
        throw forbidden();
    }

    private void checkRepository(Call call, Runner runner) {
        Build build = builds.held(call.param("job"), runner, call, CallKind.READ, null);
        if (build == null || build.state != Build.State.RUNNING
                || !call.param("name")
                        .equals(URLEncoder.encode(Snapshots.REPOSITORY, StandardCharsets.UTF_8) + ".git")) {
            throw Refusal.of(404, "checkout_not_found", "there is no such checkout now");
        }
    }

    private static RuntimeException forbidden() {
        return Refusal.of(403, "checkout_path_forbidden", "only what a fetch needs is open");
    }
}
