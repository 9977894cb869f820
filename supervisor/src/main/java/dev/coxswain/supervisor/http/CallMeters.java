package dev.coxswain.supervisor.http;

import java.util.concurrent.TimeUnit;

import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;

/** The meters of one operation, looked up once. */
final class CallMeters {
    private final Counter[] answered = new Counter[6];
    private final Counter none;
    private final Timer duration;

    CallMeters(Meters meters, String controlPlane, String operation) {
        Meters.Family<Counter> requests = meters.counters(FleetMeters.CONTROL_PLANE_REQUESTS, controlPlane, operation);
        for (int hundreds = 2; hundreds <= 5; hundreds++) {
            answered[hundreds] = requests.of(hundreds + "xx");
        }
        this.none = requests.of("none");
        this.duration = meters.timer(FleetMeters.CONTROL_PLANE_REQUEST_DURATION, controlPlane, operation);
    }

    void answered(int status, long nanos) {
        int hundreds = status / 100;
        (hundreds >= 2 && hundreds <= 5 ? answered[hundreds] : none).increment();
        duration.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A failure, a time-out or a cancel. */
    void unanswered(long nanos) {
        none.increment();
        duration.record(nanos, TimeUnit.NANOSECONDS);
    }
}
