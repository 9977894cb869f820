package dev.coxswain.executors.git;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandOutput;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;

/**
 * Gets the sources of a job into a folder of the workspace, one git command after the other (contracts oore-ci 10, 12;
 * shithub-actions 11). The folder is not the workspace itself: what lies beside it is not in the repository's way, and the
 * repository is not in ours. A credential is in the environment of the one fetch that needs it, and nowhere else.
 */
public final class GitCheckout {
    private static final String CONFIG = "gitconfig";
    /** No hooks of anybody, and nothing that goes on in the background. */
    private static final String BASE = """
            [core]
                hooksPath = /dev/null
            [init]
                defaultBranch = main
            [advice]
                detachedHead = false
            [gc]
                auto = 0
            [maintenance]
                auto = false
            """;
    /** A server that hands out tips of branches only, or no part of a history, says one of these. */
    private static final Pattern NOT_SINGLY = Pattern.compile(
            "not our ref|unadvertised object|remote ref|shallow|does not support|not allow|hung up",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_SUCH_REF = Pattern.compile("remote ref", Pattern.CASE_INSENSITIVE);

    /** What may be gone at the next try. */
    private static final Pattern PASSES = Pattern
            .compile("could not resolve|connect to|connection (?:was )?(?:refused|reset)"
                    + "|empty reply|hung up|rpc failed|early eof|unexpected disconnect|timed out|returned error: (?:408|429|5\\d\\d)"
                    + "|transfer closed|recv failure|unexpected flush packet|bytes of (?:body|length header)|bad line length"
                    + "|not valid: is this a git repository|(?:unpack-objects|index-pack) failed",
                    Pattern.CASE_INSENSITIVE);
    private static final int TRIES_MORE = 3;
    /** At the control plane's own proxy, whose outages end no build: about a quarter of an hour. */
    private static final int TRIES_MORE_AT_PROXY = 30;

    private final Workspace workspace;
    private final GitLimit limit;
    private final GitRemote remote;
    private final GitRef ref;
    private final Shape shape;
    private final String folder;

    /**
     * What is made of a repository.
     *
     * @param folder of the workspace, made if it is not there
     * @param depth commits of the history; 0 for all of it
     * @param submodules whether those come along
     */
    public record Shape(String folder, int depth, boolean submodules) {}

    /** Of one ref, once. */
    public GitCheckout(Workspace workspace, GitLimit limit, GitRemote remote, GitRef ref, Shape shape) {
        this.workspace = workspace;
        this.limit = limit;
        this.remote = remote;
        this.ref = ref;
        this.shape = shape;
        this.folder = shape.folder();
    }

    /** What it does, in one line without a secret. */
    public String preview() {
        return "git fetch " + (shape.depth() == 0 ? "" : "--depth=" + shape.depth() + " ") + remote.fetchUrl() + " "
                + switch (ref) {
                    case GitRef.Commit commit -> commit.sha();
                    case GitRef.Branch branch -> branch.name();
                };
    }

    /** What git says; fails with a {@link GitFailure} when a command of it does. Cancelling kills git. */
    public Flux<ExecutionEvent> run() {
        return Flux.concat(write(), start(), fetch(), shape.submodules() ? submodules() : Flux.empty());
    }

    /**
     * Git's configuration of this workspace. A file, since what commands get in their environment does not reach the other
     * end of a fetch from a path of this host, which refuses folders of other owners.
     */
    private Flux<ExecutionEvent> write() {
        StringBuilder text = new StringBuilder(BASE);
        if (remote.isLocal()) {
            String path = remote.fetchUrl().replace("\\", "\\\\").replace("\"", "\\\"");
            text.append("[safe]\n    directory = \"").append(path).append("\"\n    directory = \"").append(path)
                    .append("/.git\"\n");
        }
        return workspace.write(CONFIG, text.toString().getBytes(StandardCharsets.UTF_8)).thenMany(Flux.empty());
    }

    private Flux<ExecutionEvent> start() {
        List<String> init = new ArrayList<>(List.of("init", "--quiet", "--template="));
        if (ref instanceof GitRef.Commit commit && commit.isSha256()) {
            init.add("--object-format=sha256");
        }
        init.add(folder);
        return Flux.concat(git("", "the folder of the checkout could not be made", Map.of(), init),
                git("the remote could not be named", "remote", "add", "--", "origin", remote.origin()));
    }

    private Flux<ExecutionEvent> fetch() {
        return switch (ref) {
            case GitRef.Commit commit -> fetchCommit(commit).concatWith(checkout(commit.sha()));
            case GitRef.Branch branch -> fetchBranch(branch.name(), true).concatWith(checkout("FETCH_HEAD"));
        };
    }

    private Flux<ExecutionEvent> checkout(String what) {
        return git("the commit could not be checked out", "checkout", "--quiet", "--force", "--detach", what);
    }

    private Flux<ExecutionEvent> fetchCommit(GitRef.Commit commit) {
        String branch = commit.branch();
        Flux<ExecutionEvent> alone = fetch("commit " + commit.sha() + " could not be fetched", true, commit.sha());
        return branch == null
                ? alone
                : alone.onErrorResume(GitFailure.class, failure -> failure.matches(NOT_SINGLY)
                        ? throughBranch(commit.sha(), branch)
                        : Flux.error(failure));
    }

    private Flux<ExecutionEvent> throughBranch(String sha, String branch) {
        return Flux.concat(
                Flux.just(CommandOutput.line("# the server hands out no single commit: fetching all of " + branch)),
                fetchBranch(branch, false), git("commit " + sha + " is not on " + branch + " of the repository",
                        "cat-file", "-e", sha + "^{commit}"));
    }

    /** A branch, else a tag of that name. */
    private Flux<ExecutionEvent> fetchBranch(String name, boolean shallow) {
        return fetch("branch " + name + " could not be fetched", shallow, "refs/heads/" + name).onErrorResume(
                GitFailure.class, failure -> failure.matches(NO_SUCH_REF)
                        ? fetch("there is no branch and no tag " + name, shallow, "refs/tags/" + name)
                        : Flux.error(failure));
    }

    private Flux<ExecutionEvent> fetch(String failure, boolean shallow, String what) {
        List<String> fetch = new ArrayList<>(List.of("fetch", "--quiet", "--no-tags", "--no-recurse-submodules"));
        if (shallow && shape.depth() > 0) {
            fetch.add("--depth=" + shape.depth());
        }
        // git takes a path for a repository to copy from, and a file URL for one to fetch a part of
        fetch.addAll(List.of("--", remote.isLocal()
                ? "file://" + remote.fetchUrl().replace("%", "%25")
                : remote.fetchUrl(), what));
        Map<String, String> access = new HashMap<>();
        access.put("GIT_ALLOW_PROTOCOL", remote.fetchProtocols());
        String header = remote.header();
        if (header != null) {
            // for this URL only, and nobody is led elsewhere with it
            access.putAll(Map.of("GIT_CONFIG_COUNT", "2", "GIT_CONFIG_KEY_0", "http." + remote.fetchUrl()
                    + ".extraHeader", "GIT_CONFIG_VALUE_0", header, "GIT_CONFIG_KEY_1", "http.followRedirects",
                    "GIT_CONFIG_VALUE_1", "false"));
        }
        return git(folder, failure, access, fetch).retryWhen(limit.again(
                remote.isProxied() ? TRIES_MORE_AT_PROXY : TRIES_MORE,
                failed -> failed instanceof GitFailure told && told.matches(PASSES)));
    }

    /** Git takes its time to find that there are none, so only a repository that says so is asked about them. */
    private Flux<ExecutionEvent> submodules() {
        return workspace.localFile(folder + "/.gitmodules").hasElement()
                .onErrorReturn(WorkspaceException.class, true)
                .flatMapMany(some -> some ? updateSubmodules() : Flux.empty());
    }

    /** Shallow where the server lets us; else what is there is made whole and looked through again. */
    private Flux<ExecutionEvent> updateSubmodules() {
        Map<String, String> access = Map.of("GIT_ALLOW_PROTOCOL", remote.submoduleProtocols());
        String failed = "the submodules could not be updated";
        List<String> whole = List.of("submodule", "--quiet", "foreach", "--quiet", "--recursive",
                "git fetch --quiet --unshallow origin '+refs/heads/*:refs/remotes/origin/*' || :");
        return Flux.concat(
                git(folder, "the submodules could not be synchronised", access,
                        List.of("submodule", "--quiet", "sync", "--recursive")),
                git(folder, failed, access, List.of("submodule", "--quiet", "update", "--init", "--recursive",
                        "--depth=1")).onErrorResume(GitFailure.class,
                                failure -> failure.timedOut()
                                        ? Flux.error(failure)
                                        : Flux.concat(
                                                Flux.just(CommandOutput.line(
                                                        "# a submodule is not to be had alone: fetching all of it")),
                                                git(folder, failed, access, whole), git(folder, failed, access,
                                                        List.of("submodule", "--quiet", "update", "--init",
                                                                "--recursive")))));
    }

    private Flux<ExecutionEvent> git(String failure, String... arguments) {
        return git(folder, failure, Map.of(), List.of(arguments));
    }

    /** One git command; fails with a {@link GitFailure} when it ends with anything but 0. */
    private Flux<ExecutionEvent> git(String in, String failure, Map<String, String> more, List<String> arguments) {
        return Flux.defer(() -> {
            List<String> argv = new ArrayList<>(List.of("git"));
            argv.addAll(arguments);
            CommandOutput output = new CommandOutput();
            Command command = new Command(argv, environment(more), in, limit.left(),
                    Command.DEFAULT_GRACE);
            return output.of(workspace, command).concatWith(Flux.defer(() -> output.end().timedOut()
                    || output.end().code() != 0 ? Flux.error(new GitFailure(failure, output)) : Flux.empty()));
        });
    }

    /** Nobody is there to be asked, and messages are read: they must be git's own words. */
    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>();
        variables.put("GIT_TERMINAL_PROMPT", "0");
        variables.put("GIT_ASKPASS", "");
        variables.put("GIT_SSH_COMMAND", "ssh -oBatchMode=yes");
        variables.put("GIT_CONFIG_GLOBAL", workspace.pathOf(CONFIG));
        variables.put("LC_ALL", "C");
        variables.putAll(more);
        return variables;
    }
}
