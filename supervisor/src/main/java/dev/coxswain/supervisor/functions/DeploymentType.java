package dev.coxswain.supervisor.functions;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** What a definition is deployed as (contract coderunner 5). */
public enum DeploymentType {
    /** called, and answers */
    FUNCTION(1),
    /** started, and runs to its end */
    JOB(2),
    /** started by the clock */
    SCHEDULE(3),
    /** runs all the time, and listens */
    SERVICE(4);

    private final int number;

    DeploymentType(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** Whether it has an address of its own. */
    boolean hasEndpoint() {
        return this == FUNCTION || this == SERVICE;
    }

    /** Of a number or of its name on the wire; null when it is none. */
    static @Nullable DeploymentType of(String text) {
        List<String> names = List.of("Function", "BackgroundJob", "ScheduleJob", "Deployment");
        return Arrays.stream(values()).filter(each -> text.equals(Integer.toString(each.number))
                || text.equalsIgnoreCase(names.get(each.number - 1))).findFirst().orElse(null);
    }
}
