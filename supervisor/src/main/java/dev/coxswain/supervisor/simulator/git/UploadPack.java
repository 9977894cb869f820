package dev.coxswain.supervisor.simulator.git;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;

/** The server's side of Git's smart protocol, first version, for the one commit of a repository. Who may ask is not its affair. */
public final class UploadPack {
    /** The only service there is, as a request for the refs names it. */
    public static final String SERVICE = "git-upload-pack";
    private static final String FLUSH = "0000";
    private static final int MAX_LINES = 1000;

    private final GitRepository repository;

    public UploadPack(GitRepository repository) {
        this.repository = repository;
    }

    /** Which branches there are. */
    public Answer refs() {
        String head = repository.commit() + " HEAD\0shallow allow-tip-sha1-in-want allow-reachable-sha1-in-want"
                + " no-progress symref=HEAD:refs/heads/" + repository.branch() + " object-format=sha1\n";
        String refs = line("# service=" + SERVICE + "\n") + FLUSH + line(head)
                + line(repository.commit() + " refs/heads/" + repository.branch() + "\n") + FLUSH;
        return answer("advertisement", refs.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The commit, to whoever wants it.
     *
     * @throws GitRequestException when the request is not one for it
     */
    public Answer pack(Call call) {
        if (!("application/x-" + SERVICE + "-request").equals(call.header("content-type"))
                || call.header("content-encoding") != null) {
            throw new GitRequestException("the content type is not that of " + SERVICE);
        }
        List<String> lines = lines(call.body());
        List<String> wants = lines.stream().filter(line -> line.startsWith("want ")).toList();
        if (wants.isEmpty() || wants.stream().anyMatch(want -> !want.startsWith("want " + repository.commit()))) {
            throw new GitRequestException("nothing is wanted, or something that is not here");
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

    static Answer answer(String kind, byte[] body) {
        return new Answer(200, "application/x-" + SERVICE + "-" + kind, body, Map.of("Cache-Control", "no-cache"),
                false, nanos -> {});
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
                throw new GitRequestException("too many lines");
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
                throw new GitRequestException("a line without a length");
            }
        }
        if (length < 0 || (length > 0 && length < 4) || at + length > body.length) {
            throw new GitRequestException("a line with a wrong length");
        }
        return length;
    }
}
