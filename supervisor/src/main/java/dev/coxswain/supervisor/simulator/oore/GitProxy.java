package dev.coxswain.supervisor.simulator.oore;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;

/**
 * The checkout proxy (contract oore-ci 10) with what it leads to: Git's smart protocol, first version, for one commit.
 * Open only while the build runs, and only to fetch.
 */
final class GitProxy {
    private static final String SERVICE = "git-upload-pack";
    private static final String FLUSH = "0000";
    private static final int MAX_LINES = 1000;

    private final Builds builds;
    private final GitRepository repository;

    GitProxy(Builds builds, GitRepository repository) {
        this.builds = builds;
        this.repository = repository;
    }

    /** Which branches there are. */
    Answer refs(Call call, Runner runner) {
        checkRepository(call, runner);
        if (!call.uri().endsWith("/info/refs?service=" + SERVICE)) {
            throw forbidden();
        }
        String head = repository.commit() + " HEAD\0shallow allow-tip-sha1-in-want allow-reachable-sha1-in-want"
                + " no-progress symref=HEAD:refs/heads/" + repository.branch() + " object-format=sha1\n";
        String refs = line("# service=" + SERVICE + "\n") + FLUSH + line(head)
                + line(repository.commit() + " refs/heads/" + repository.branch() + "\n") + FLUSH;
        return answer("advertisement", refs.getBytes(StandardCharsets.UTF_8));
    }

    /** The commit, to whoever wants it. */
    Answer pack(Call call, Runner runner) {
        checkRepository(call, runner);
        if (call.uri().indexOf('?') >= 0) {
            throw forbidden();
        }
        if (!("application/x-" + SERVICE + "-request").equals(call.header("content-type"))
                || call.header("content-encoding") != null) {
            throw invalid("the content type is not that of " + SERVICE);
        }
        List<String> lines = lines(call.body());
        List<String> wants = lines.stream().filter(line -> line.startsWith("want ")).toList();
        if (wants.isEmpty() || wants.stream().anyMatch(want -> !want.startsWith("want " + repository.commit()))) {
            throw invalid("nothing is wanted, or something that is not here");
        }
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        boolean deepens = lines.stream().anyMatch(line -> line.startsWith("deepen "));
        // the only commit has no parents, so however deep the client wants to go, nothing is cut off
        String before = (deepens ? FLUSH : "") + (lines.contains("done") ? line("NAK\n") : "");
        answer.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        if (lines.contains("done")) {
            answer.writeBytes(repository.packed());
        }
        return answer("result", answer.toByteArray());
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

    private static RuntimeException invalid(String text) {
        return Refusal.of(400, "invalid_git_request", text);
    }

    private static Answer answer(String kind, byte[] body) {
        return new Answer(200, "application/x-" + SERVICE + "-" + kind, body, Map.of("Cache-Control", "no-cache"),
                false,
                nanos -> {});
    }

    private static String line(String text) {
        return "%04x%s".formatted(text.getBytes(StandardCharsets.UTF_8).length + 4, text);
    }

    /** The lines of a request; flushes are left out. */
    private static List<String> lines(byte[] body) {
        List<String> lines = new ArrayList<>();
        int at = 0;
        while (at < body.length) {
            int length = length(body, at);
            if (length > 0) {
                lines.add(new String(body, at + 4, length - 4, StandardCharsets.UTF_8).stripTrailing());
            }
            at += Math.max(4, length);
            if (lines.size() > MAX_LINES) {
                throw invalid("too many lines");
            }
        }
        return lines;
    }

    private static int length(byte[] body, int at) {
        int length = -1;
        if (at + 4 <= body.length) {
            try {
                length = Integer.parseInt(new String(body, at, 4, StandardCharsets.US_ASCII), 16);
            } catch (NumberFormatException e) {
                throw invalid("a line without a length");
            }
        }
        if (length < 0 || (length > 0 && length < 4) || at + length > body.length) {
            throw invalid("a line with a wrong length");
        }
        return length;
    }
}
