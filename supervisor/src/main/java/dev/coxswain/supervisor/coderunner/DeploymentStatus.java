package dev.coxswain.supervisor.coderunner;

import java.util.stream.Stream;

/** How a deployment is: a version's numbers, with one more (contract section 8). */
enum DeploymentStatus {
    PENDING(1, "Pending"), PROCESSING(2, "Processing"), COMPLETED(3, "Completed"), FAILED(4, "Failed"), STOPPED(5,
            "Stopped");

    private final int number;
    private final String label;

    DeploymentStatus(int number, String label) {
        this.number = number;
        this.label = label;
    }

    int number() {
        return number;
    }

    String label() {
        return label;
    }

    static DeploymentStatus of(int number) {
        return Stream.of(values()).filter(status -> status.number == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no deployment status " + number));
    }
}
