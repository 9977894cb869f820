package dev.coxswain.executors.responses;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.deliverable.Deliverables;
import dev.coxswain.executors.deliverable.Kind;

/**
 * What the job's log says, for whoever watches it: steps, sizes, times and the names of our own tools. Nothing of the
 * conversation and nothing that the model wrote: the log has other readers than the user.
 */
final class JobLines {
    private JobLines() {}

    static ExecutionEvent summarised(int from, int to, boolean byModel) {
        return line(String.format(Locale.ROOT, "summary: %,d characters made of %,d%s", to, from,
                byModel ? "" : "; the model made none, so it is the end of the text itself"));
    }

    static ExecutionEvent round(int number, ModelReply reply, Duration took) {
        TokenUsage used = reply.usage();
        return line(String.format(Locale.ROOT,
                "round %d: %d tool calls, %,d characters; %,d tokens in (%,d cached), %,d out; %.1f s", number,
                reply.calls().size(), reply.text().length(), used.input(), used.cached(), used.output(),
                took.toMillis() / 1000.0));
    }

    static ExecutionEvent used(ToolCall call, ToolBox.Output output) {
        return line(String.format(Locale.ROOT, "  %s (%,d characters): %s", output.tool(), call.arguments().length(),
                output.ok() ? "accepted" : "refused, the model is told why"));
    }

    static ExecutionEvent again(CallEvent.Again again) {
        return line(String.format(Locale.ROOT, "%s; attempt %d of %d in %.1f s", again.why(), again.next(),
                RetryPauses.ATTEMPTS,
                again.pause().toMillis() / 1000.0));
    }

    static ExecutionEvent whole() {
        return line("the model server keeps no answers; the whole exchange is sent again");
    }

    static ExecutionEvent repair(int number, int missing) {
        return line(String.format(Locale.ROOT, "repair %d of %d: the message cites %d deliverables that do not exist",
                number,
                ToolLoop.MAX_REPAIRS, missing));
    }

    static ExecutionEvent answer(int characters, Deliverables made) {
        StringBuilder parts = new StringBuilder();
        for (Kind kind : Kind.values()) {
            int count = made.of(kind).size();
            if (count > 0) {
                parts.append(", ").append(kind.word()).append(" ").append(count);
            }
        }
        return line(String.format(Locale.ROOT, "answer: %,d characters%s", characters, parts));
    }

    private static ExecutionEvent line(String text) {
        return new ExecutionEvent.Output(CommandEvent.Stream.STDOUT, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
