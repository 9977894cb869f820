package dev.coxswain.supervisor.functions;

import java.util.Arrays;

import tools.jackson.databind.JsonNode;

/** How far a version, a deployment or an execution is (contract coderunner 6, 8, 9). */
public enum Status {
    /** none was said, or one that nobody knows */
    UNKNOWN(0, ""), PENDING(1, "Pending"), PROCESSING(2, "Processing"), COMPLETED(3, "Completed"), FAILED(4,
            "Failed"),
    /** a deployment that was stopped, or an execution that was cancelled */
    STOPPED(5, "Stopped");

    private final int number;
    private final String word;

    Status(int number, String word) {
        this.number = number;
        this.word = word;
    }

    /** Numbers, their text and their names are all taken. */
    static Status of(JsonNode node) {
        String text = node.asString("").strip();
        return text.equalsIgnoreCase("Cancelled")
                ? STOPPED
                : Arrays.stream(values()).filter(each -> each != UNKNOWN && (text.equals(Integer.toString(each.number))
                        || text.equalsIgnoreCase(each.word))).findFirst().orElse(UNKNOWN);
    }

    /** For people and for the manifest. */
    public String word() {
        return this == UNKNOWN ? "Unknown" : word;
    }

    /** Whether nothing will change any more. */
    boolean isEnd() {
        return this == COMPLETED || this == FAILED || this == STOPPED;
    }
}
