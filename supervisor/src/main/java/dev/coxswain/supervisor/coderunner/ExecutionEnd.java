package dev.coxswain.supervisor.coderunner;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Outcome;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How an execution ended.
 *
 * @param reason one word; null when it completed
 * @param result a JSON text; null without one
 */
record ExecutionEnd(ExecutionStatus status, @Nullable Integer exitCode, @Nullable String reason,
        @Nullable String message, @Nullable String result, boolean truncated) {
    static final String RUNNER_LOST = "RunnerLost";
    static final String TIMEOUT = "Timeout";
    static final String CANCELLED = "Cancelled";
    /** Contract section 9. */
    static final int MOST_RESULT_BYTES = 1 << 20;

    private static final int LONGEST_MESSAGE = 1_000;
    private static final Pattern REASON = Pattern.compile("^\\[([A-Za-z]{1,40})\\] ?", Pattern.DOTALL);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static ExecutionEnd failed(String reason, String message) {
        return new ExecutionEnd(ExecutionStatus.FAILED, null, reason, line(message), null, false);
    }

    static ExecutionEnd cancelled(String reason, String message) {
        return new ExecutionEnd(ExecutionStatus.CANCELLED, null, reason, line(message), null, false);
    }

    /**
     * What a runner reported.
     *
     * @param former whether it held the execution in a former life: a failure without a word of its own is the restart's
     */
    static ExecutionEnd of(Outcome outcome, boolean former) {
        return switch (outcome) {
            case Outcome.Complete(var body) -> completed(body);
            case Outcome.Fail(var cause, var message) -> switch (cause) {
                case FAILURE -> worded(message, former ? RUNNER_LOST : "Failed");
                case TIMEOUT -> worded(message, TIMEOUT);
                case CANCELLED -> cancelled(CANCELLED, message);
            };
        };
    }

    private static ExecutionEnd worded(String message, String otherwise) {
        Matcher word = REASON.matcher(message);
        return word.find()
                ? failed(word.group(1), message.substring(word.end()))
                : failed(otherwise, message);
    }

    private static ExecutionEnd completed(String body) {
        JsonNode left = JSON.readTree(body);
        JsonNode result = left.get("result");
        JsonNode exit = left.get("exitCode");
        boolean truncated = left.path("truncated").asBoolean(false);
        String text = result == null || result.isMissingNode() ? null : JSON.writeValueAsString(result);
        if (text != null && text.length() > MOST_RESULT_BYTES / 3
                && text.getBytes(StandardCharsets.UTF_8).length > MOST_RESULT_BYTES) {
            text = JSON.writeValueAsString(text.substring(0, MOST_RESULT_BYTES / 3));
            truncated = true;
        }
        return new ExecutionEnd(ExecutionStatus.COMPLETED,
                exit != null && exit.canConvertToInt() ? Integer.valueOf(exit.intValue()) : null, null, null, text,
                truncated);
    }

    /** One printable line of bounded length. */
    private static String line(String message) {
        String first = message.lines().findFirst().orElse("").strip();
        return first.length() > LONGEST_MESSAGE ? first.substring(0, LONGEST_MESSAGE) + "…" : first;
    }
}
