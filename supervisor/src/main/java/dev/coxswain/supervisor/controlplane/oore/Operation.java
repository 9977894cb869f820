package dev.coxswain.supervisor.controlplane.oore;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The calls of the protocol: label in the metrics and time limit. The contract has no limits; these are ours. */
enum Operation {
    /** below what the breaker counts on, like every lease request */
    LEASE(15),
    /** a runner's sign of life */
    PRESENCE(10),
    /** whether a job is still ours */
    HEARTBEAT(10), RUNNING(30), LOGS(30), RESERVE(30), STORED(30), GIVEN_UP(15), SIGNING(30), COMPLETE(30), FAIL(
            30), CHECK(15),
    /** what a person does, and no fleet */
    REGISTER(60), DELETE(15);

    /** The labels of what a person does. */
    static final Set<String> PERSONS_LABELS = labels(Operation::isPersons);
    /** All other labels. */
    static final Set<String> LABELS = labels(Predicate.not(Operation::isPersons));

    private final Duration timeout;

    Operation(long seconds) {
        timeout = Duration.ofSeconds(seconds);
    }

    private static Set<String> labels(Predicate<Operation> which) {
        return Arrays.stream(values()).filter(which).map(Operation::label).collect(Collectors.toUnmodifiableSet());
    }

    private boolean isPersons() {
        return this == REGISTER || this == DELETE;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    Duration timeout() {
        return timeout;
    }
}
