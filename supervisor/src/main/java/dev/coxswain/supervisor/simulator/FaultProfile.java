package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which faults meet which requests, and how often.
 *
 * @param name its name, for people
 * @param rules the faults with rate and scope; a fault that is missing never happens
 * @param blackHole how long an unanswered request is held before its connection is reset
 * @param maxRestarts how many restarts a run may have at most
 */
public record FaultProfile(String name, Map<Fault, Rule> rules, Duration blackHole, int maxRestarts) {
    /** Which requests a fault may meet. */
    public enum Scope {
        /** Requests to a control plane. */
        CALLS,
        /** Requests to the object store. */
        STORE,
        /** All requests. */
        BOTH
    }

    /**
     * How often and where.
     *
     * @param rate the probability for one request, 0 to 1
     * @param scope which requests
     */
    public record Rule(double rate, Scope scope) {
        public Rule {
            if (!(rate >= 0 && rate <= 1)) {
                throw new IllegalArgumentException("a fault's rate lies between 0 and 1, not " + rate);
            }
        }

        boolean meets(Scope area) {
            return scope == Scope.BOTH || scope == area;
        }
    }

    public FaultProfile {
        rules = Map.copyOf(rules);
        double sum = rules.entrySet().stream().filter(e -> e.getKey().exclusive()).mapToDouble(e -> e.getValue().rate())
                .sum();
        if (sum > 1 + 1e-9) {
            throw new IllegalArgumentException(
                    "the rates of all faults but latency and clock-skew add up to " + sum + ", which is more than 1");
        }
        if (blackHole.isNegative() || blackHole.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("a black hole lasts at most an hour, not " + blackHole);
        }
        if (maxRestarts < 0) {
            throw new IllegalArgumentException("maxRestarts must not be negative: " + maxRestarts);
        }
    }

    /** No faults. */
    public static FaultProfile none() {
        return new FaultProfile("none", Map.of(), Duration.ofMinutes(1), 0);
    }

    /** One fault at this rate, on calls and store. */
    public static FaultProfile of(Fault fault, double rate) {
        return new FaultProfile(fault.label(), Map.of(fault, new Rule(rate, Scope.BOTH)), Duration.ofMinutes(1), 3);
    }

    /** All faults, each rare. */
    public static FaultProfile chaos() {
        Map<Fault, Rule> rules = new EnumMap<>(Fault.class);
        for (Fault fault : Fault.values()) {
            rules.put(fault, new Rule(fault.chaosRate(), Scope.BOTH));
        }
        return new FaultProfile("chaos", rules, Duration.ofSeconds(5), 2);
    }

    /**
     * The profile of this name: {@code none}, {@code chaos}, or a fault's label at its usual rate.
     *
     * @throws IllegalArgumentException for another name; the message lists the names
     */
    public static FaultProfile named(String name) {
        return switch (name) {
            case "none" -> none();
            case "chaos" -> chaos();
            default -> Fault.labelled(name).map(fault -> of(fault, fault.aloneRate())).orElseThrow(
                    () -> new IllegalArgumentException(
                            "no fault profile is called " + name + "; there are " + names()));
        };
    }

    /** All names that {@link #named} takes. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(List.of("none"));
        for (Fault fault : Fault.values()) {
            names.add(fault.label());
        }
        names.add("chaos");
        return List.copyOf(names);
    }

    /** The same faults, but all of them only there. */
    public FaultProfile within(Scope scope) {
        Map<Fault, Rule> narrowed = new EnumMap<>(Fault.class);
        rules.forEach((fault, rule) -> narrowed.put(fault, new Rule(rule.rate(), scope)));
        return new FaultProfile(name, narrowed, blackHole, maxRestarts);
    }

    /** The same faults with this length of a black hole. */
    public FaultProfile withBlackHole(Duration length) {
        return new FaultProfile(name, rules, length, maxRestarts);
    }

    /** Whether this fault can happen at all. */
    public boolean has(Fault fault) {
        Rule rule = rules.get(fault);
        return rule != null && rule.rate() > 0;
    }

    /** The lease length that suits the profile: 15 s where leases get lost on purpose, else 60 s. */
    public Duration leaseLength() {
        return has(Fault.RESET_AFTER) || has(Fault.TRUNCATED) || has(Fault.NON_JSON)
                ? Duration.ofSeconds(15)
                : Duration.ofSeconds(60);
    }
}
