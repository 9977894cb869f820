package dev.coxswain.supervisor.simulator;

import java.util.Arrays;
import java.util.Optional;

/** One way to be rude. Except for latency and clock skew at most one of them meets a request. */
public enum Fault {
    /** The request waits 50 to 500 ms before it is looked at. */
    LATENCY("latency", 0.5, 0.1),
    /** 500, 502, 503 or 504 instead of an answer; nothing is processed. */
    SERVER_ERROR("5xx", 0.2, 0.03),
    /** 429 with a {@code Retry-After} of 0 to 2 s; nothing is processed. */
    TOO_MANY_REQUESTS("429", 0.2, 0.02),
    /** The connection is reset; nothing is processed. */
    RESET_BEFORE("reset-before", 0.1, 0.02),
    /** The request is processed, and the connection is reset instead of the answer. */
    RESET_AFTER("reset-after", 0.1, 0.02),
    /** The answer comes in small pieces over about 2 s. */
    SLOW_BODY("slow-body", 0.2, 0.02),
    /** The request is processed; the connection closes in the middle of the answer's body. */
    TRUNCATED("truncated", 0.1, 0.01),
    /** The request is processed and answered by a page of HTML, as by a proxy; half of the times a 502 that processed nothing. */
    NON_JSON("non-json", 0.1, 0.01),
    /** The lease that the request is about ends at the control plane before its time. */
    LEASE_STOLEN("lease-stolen", 0.05, 0.01),
    /** Every date of the run is off by 2 to 7 minutes, to one side; the rate only says on (above 0) or off. */
    CLOCK_SKEW("clock-skew", 1, 1),
    /** The request is accepted and never answered; the connection is reset after {@link FaultProfile#blackHole()}. */
    BLACK_HOLE("black-hole", 0.03, 0.005),
    /** The listening socket and all connections close for about 1 s; all state is kept. */
    RESTART("restart", 0.005, 0.002);

    private final String label;
    private final double aloneRate;
    private final double chaosRate;

    Fault(String label, double aloneRate, double chaosRate) {
        this.label = label;
        this.aloneRate = aloneRate;
        this.chaosRate = chaosRate;
    }

    /** The name in files and on the command line. */
    public String label() {
        return label;
    }

    /** The rate per request in the profile of this name. */
    double aloneRate() {
        return aloneRate;
    }

    /** The rate per request in {@code chaos}; with it 500 jobs on 8 to 64 slots still end in about a minute. */
    double chaosRate() {
        return chaosRate;
    }

    /** Whether it can be the one fault that decides a request's fate. */
    boolean exclusive() {
        return this != LATENCY && this != CLOCK_SKEW;
    }

    static Optional<Fault> labelled(String label) {
        return Arrays.stream(values()).filter(fault -> fault.label.equals(label)).findFirst();
    }
}
