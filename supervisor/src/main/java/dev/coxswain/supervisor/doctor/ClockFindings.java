package dev.coxswain.supervisor.doctor;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** How far the wall clock is from that of a server that it is compared with; without one nothing is claimed. */
final class ClockFindings {
    private static final String NAME = "wall clock";
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** {@code Date} has whole seconds, and the answer was under way. */
    private static final Duration TOLERATED = Duration.ofSeconds(3);

    private final FleetClock clock;

    ClockFindings(FleetClock clock) {
        this.clock = clock;
    }

    Mono<Finding> compare(@Nullable URI url) {
        if (url == null) {
            return Mono.just(Finding.ok(NAME, shown(clock.now()) + "; whether it is right was not checked"));
        }
        return HttpClient.create().responseTimeout(LIMIT).head().uri(url)
                .responseSingle((answer, body) -> Mono.justOrEmpty(answer.responseHeaders().get("Date")))
                .timeout(LIMIT).map(date -> judge(clock.now(), date)).defaultIfEmpty(unknown("the answer has no Date"))
                .onErrorResume(e -> Mono.just(unknown(e.getClass().getSimpleName() + " on " + url.getHost())));
    }

    static Finding judge(Instant here, String date) {
        Instant there;
        try {
            there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeParseException e) {
            return unknown("the server's Date can't be read");
        }
        Duration apart = Duration.between(there, here);
        String detail = shown(here) + ", " + apart.abs().toSeconds() + " s "
                + (apart.isNegative() ? "behind" : "ahead of") + " the server's";
        return apart.abs().compareTo(TOLERATED) <= 0
                ? Finding.ok(NAME, detail)
                : Finding.warn(NAME, detail,
                        "leases end at other moments than this host thinks: synchronise its clock");
    }

    private static Instant shown(Instant here) {
        return here.truncatedTo(ChronoUnit.SECONDS);
    }

    private static Finding unknown(String why) {
        return Finding.warn(NAME, "could not be compared: " + why, "check the URL and the network");
    }
}
