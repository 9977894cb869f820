package dev.coxswain.supervisor.coderunner;

import java.util.stream.Stream;

/** How far an execution is (contract section 9). */
enum ExecutionStatus {
    PENDING(1, "Pending"), PROCESSING(2, "Processing"), COMPLETED(3, "Completed"), FAILED(4, "Failed"), CANCELLED(5,
            "Cancelled");

    private final int number;
    private final String label;

    ExecutionStatus(int number, String label) {
        this.number = number;
        this.label = label;
    }

    int number() {
        return number;
    }

    String label() {
        return label;
    }

    boolean isEnd() {
        return number >= COMPLETED.number;
    }

    static ExecutionStatus of(int number) {
        return Stream.of(values()).filter(status -> status.number == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no execution status " + number));
    }
}
