package dev.coxswain.supervisor.coderunner;

import java.util.stream.Stream;

/** What a definition is for (contract section 5); fixed for its life. */
enum DeploymentType {
    FUNCTION(1, "Function"), BACKGROUND_JOB(2, "BackgroundJob"), SCHEDULE_JOB(3, "ScheduleJob"), DEPLOYMENT(4,
            "Deployment");

    private final int number;
    private final String label;

    DeploymentType(int number, String label) {
        this.number = number;
        this.label = label;
    }

    int number() {
        return number;
    }

    String label() {
        return label;
    }

    /** Whether requests can be sent to it. */
    boolean hasEndpoint() {
        return this == FUNCTION || this == DEPLOYMENT;
    }

    static DeploymentType of(int number) {
        return Stream.of(values()).filter(type -> type.number == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no deployment type " + number));
    }
}
