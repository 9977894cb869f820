package dev.coxswain.supervisor.controlplane.oore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.JobFeed;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The log of one build (contract oore-ci 7): one chunk for each line, numbered from 0 over both streams and our own lines,
 * with the same numbers when a request is repeated; steps are lines among them. The daemon silently keeps 10,000 rows, so the
 * last one that we send says so.
 */
final class LogFeed implements JobFeed {
    static final int MOST_ROWS = 10_000;
    /** A line of control characters is six times as long in JSON, and a body may have 2 MiB. */
    private static final int MOST_BYTES = 256 << 10;
    private static final int MOST_CHUNKS = 500;
    private static final Logger LOG = LoggerFactory.getLogger(LogFeed.class);

    private final Calls calls;
    private final Credential credential;
    private final String path;
    private final UnaryOperator<Mono<Void>> guard;
    private final Lines stdout = new Lines();
    private final Lines stderr = new Lines();
    private int rows;

    private record Row(int sequence, String content, String stream) {}

    /** @param guard lets a call out only while the build is ours */
    LogFeed(Calls calls, Credential credential, String path, UnaryOperator<Mono<Void>> guard) {
        this.calls = calls;
        this.credential = credential;
        this.path = path + "/logs";
        this.guard = guard;
    }

    @Override
    public Duration batchTime() {
        return Duration.ofMillis(500);
    }

    @Override
    public Mono<Void> send(List<FeedItem> batch) {
        List<Row> cut = new ArrayList<>();
        for (FeedItem item : batch) {
            switch (item) {
                case FeedItem.Output(var stream, var bytes) ->
                    lines(stream).add(bytes, line -> row(cut, line, word(stream)));
                case FeedItem.Skipped(var bytes) -> {
                    rest(cut);
                    row(cut, "[coxswain] " + bytes + " bytes of the log are missing here", "stderr");
                }
                case FeedItem.Step(var mark) -> {
                    // what a step left without a line end is still its own
                    rest(cut);
                    row(cut, marker(mark.step()), "stdout");
                }
            }
        }
        return requests(cut);
    }

    @Override
    public Mono<Void> end() {
        List<Row> cut = new ArrayList<>();
        rest(cut);
        return requests(cut);
    }

    private void rest(List<Row> cut) {
        stdout.flush(line -> row(cut, line, "stdout"));
        stderr.flush(line -> row(cut, line, "stderr"));
    }

    private Lines lines(CommandEvent.Stream stream) {
        return switch (stream) {
            case STDOUT -> stdout;
            case STDERR -> stderr;
        };
    }

    private static String word(CommandEvent.Stream stream) {
        return stream.name().toLowerCase(Locale.ROOT);
    }

    private void row(List<Row> cut, String line, String stream) {
        if (rows == MOST_ROWS - 1) {
            LOG.warn("the log of a build has more lines than its control plane keeps: {}", path);
            cut.add(new Row(rows++, "[coxswain] the log goes on, but only " + MOST_ROWS + " lines are kept", "stderr"));
        } else if (rows < MOST_ROWS) {
            cut.add(new Row(rows++, line, stream));
        }
    }

    /** In-band, as the web page reads them. */
    private String marker(ExecutionEvent.Step step) {
        ObjectNode json = calls.mapper().createObjectNode();
        switch (step) {
            case ExecutionEvent.StepStarted(var name, var command) ->
                json.put("event", "start").put("name", cut(name, 200)).put("command", cut(command, 1_000));
            case ExecutionEvent.StepEnded(var name, var code, var result) -> json.put("event", "end")
                    .put("name", cut(name, 200)).put("status", Steps.word(result)).put("exit_code", code);
        }
        return "[oore-step] " + json;
    }

    /** Short enough for one row, whatever the characters are. */
    private static String cut(String text, int most) {
        if (text.length() <= most / 2) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        text.codePoints().map(c -> c < ' ' || (c >= 0xD800 && c <= 0xDFFF) ? ' ' : c).limit(most / 2)
                .forEach(plain::appendCodePoint);
        return plain.length() < text.length() ? plain.append('…').toString() : plain.toString();
    }

    /** Repeated as a whole: numbers that the daemon has are ignored there, so `appended` says nothing (trap 13). */
    private Mono<Void> requests(List<Row> cut) {
        List<ObjectNode> bodies = new ArrayList<>();
        ArrayNode chunks = null;
        int bytes = 0;
        for (Row row : cut) {
            if (chunks == null || chunks.size() == MOST_CHUNKS || bytes > MOST_BYTES) {
                ObjectNode body = calls.mapper().createObjectNode();
                bodies.add(body);
                chunks = body.putArray("chunks");
                bytes = 0;
            }
            bytes += row.content.length();
            chunks.addObject().put("sequence", row.sequence).put("content", row.content).put("stream", row.stream);
        }
        return Flux.fromIterable(bodies).concatMap(body -> guard.apply(post(body)), 1).then();
    }

    private Mono<Void> post(ObjectNode body) {
        return calls.calls().post(Operation.LOGS, credential, path, body).flatMap(answer -> answer.is2xx()
                ? Mono.empty()
                : Mono.error(calls.calls().jobError(Operation.LOGS, answer, credential)));
    }
}
