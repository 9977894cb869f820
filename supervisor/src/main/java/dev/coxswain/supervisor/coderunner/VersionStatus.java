package dev.coxswain.supervisor.coderunner;

import java.util.stream.Stream;

/** How far a version is; from 1 to 2 to 3 or 4, and never back (contract section 6). */
enum VersionStatus {
    PENDING(1, "Pending"), PROCESSING(2, "Processing"), COMPLETED(3, "Completed"), FAILED(4, "Failed");

    private final int number;
    private final String label;

    VersionStatus(int number, String label) {
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
        return this == COMPLETED || this == FAILED;
    }

    static VersionStatus of(int number) {
        return Stream.of(values()).filter(status -> status.number == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no version status " + number));
    }
}
