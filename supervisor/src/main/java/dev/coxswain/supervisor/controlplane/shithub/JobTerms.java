package dev.coxswain.supervisor.controlplane.shithub;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.http.JsonAnswer;
import tools.jackson.databind.JsonNode;

/** How long a job token holds: 15 minutes from the moment it was made, and never longer (contract shithub-actions 2.2). */
final class JobTerms {
    static final Duration USUAL = Duration.ofMinutes(15);

    private JobTerms() {}

    /** Without a moment that can be read, the usual time from when the request was sent. */
    static LeaseTerm read(JsonNode expiresAt, JsonAnswer answer, FleetClock clock) {
        Instant date = answer.serverDate();
        Duration told;
        try {
            told = Duration.between(date == null ? clock.now() : date,
                    OffsetDateTime.parse(expiresAt.asString("")).toInstant());
        } catch (DateTimeException e) {
            told = USUAL;
        }
        // a longer one comes from a clock that differs
        Duration length = told.isNegative() ? Duration.ZERO : told.compareTo(USUAL) > 0 ? USUAL : told;
        return new LeaseTerm(answer.sentAtNanos(), length, true);
    }
}
