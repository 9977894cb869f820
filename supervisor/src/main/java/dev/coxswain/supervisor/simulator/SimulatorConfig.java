package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a simulator runs. Begin with {@link #defaults()} and change what matters.
 *
 * @param host the address to listen on; default 127.0.0.1
 * @param port the port; 0, the default, takes a free one
 * @param advertisedHost the host name in all URLs; null takes {@code host}, and 127.0.0.1 for a wildcard
 * @param protocols which protocols to play; default {@code xenonflare-studio}
 * @param jobs how many jobs each protocol starts with; default 100, at most 1,000,000
 * @param arrival the time between two of these jobs; default none: all are there at the start
 * @param topics what the jobs are about, in turn
 * @param tokens how many runner tokens each protocol has; default 8, at most 1,000,000
 * @param leaseLength how long a lease lasts without a heartbeat; default 60 s
 * @param urlLifetime how long a signed URL can be used; default 15 min
 * @param seed what tokens, faults and signatures come from
 * @param faults which faults happen; default none
 * @param signAnswer the form of answers that a contract leaves open
 * @param keepContentBytes how much of an artifact the store keeps, if the whole fits, and how much of a log is kept; default 0:
 *        size and checksum only
 * @param threads event loop threads; default 2
 * @param clock what leases and dates are measured by
 * @param repository what every other build of {@code oore} and all workflows of {@code shithub} are about; null, the default, for
 *        simulated ones always
 */
public record SimulatorConfig(String host, int port, @Nullable String advertisedHost, List<String> protocols, int jobs,
        Duration arrival, List<Topic> topics, int tokens, Duration leaseLength, Duration urlLifetime, long seed,
        FaultProfile faults, SignAnswer signAnswer, int keepContentBytes, int threads, SimulatorClock clock,
        @Nullable LocalRepository repository) {
    private static final int MAX = 1_000_000;

    public SimulatorConfig {
        protocols = List.copyOf(protocols);
        topics = List.copyOf(topics);
        within("port", port, 0, 65_535);
        within("jobs", jobs, 0, MAX);
        within("tokens", tokens, 1, MAX);
        within("keepContentBytes", keepContentBytes, 0, 1 << 24);
        within("threads", threads, 1, 64);
        if (protocols.isEmpty() || topics.isEmpty()) {
            throw new IllegalArgumentException("a simulator needs at least one protocol and one topic");
        }
        if (arrival.isNegative() || leaseLength.compareTo(Duration.ofMillis(1)) < 0
                || urlLifetime.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "arrival must not be negative, leaseLength is at least 1 ms, urlLifetime at least 1 s");
        }
    }

    /** Studio on a free loopback port with 100 jobs, 8 tokens and no faults. */
    public static SimulatorConfig defaults() {
        return new SimulatorConfig("127.0.0.1", 0, null, List.of("xenonflare-studio"), 100, Duration.ZERO,
                Topic.samples(), 8, Duration.ofSeconds(60), Duration.ofMinutes(15), 1, FaultProfile.none(),
                SignAnswer.UPLOADS, 0, 2, SimulatorClock.system(), null);
    }

    /** Listens there. */
    public SimulatorConfig withListen(String address, int onPort) {
        return new SimulatorConfig(address, onPort, advertisedHost, protocols, jobs, arrival, topics, tokens,
                leaseLength, urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Names this host in all URLs. */
    public SimulatorConfig withAdvertisedHost(String name) {
        return new SimulatorConfig(host, port, name, protocols, jobs, arrival, topics, tokens, leaseLength, urlLifetime,
                seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Plays these protocols. */
    public SimulatorConfig withProtocols(List<String> names) {
        return new SimulatorConfig(host, port, advertisedHost, names, jobs, arrival, topics, tokens, leaseLength,
                urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Starts each protocol with that many jobs. */
    public SimulatorConfig withJobs(int count) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, count, arrival, topics, tokens, leaseLength,
                urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Lets one job arrive in each such interval. */
    public SimulatorConfig withArrival(Duration interval) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, interval, topics, tokens, leaseLength,
                urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Makes jobs about these topics, in turn. */
    public SimulatorConfig withTopics(List<Topic> about) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, about, tokens, leaseLength,
                urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Gives each protocol that many tokens. */
    public SimulatorConfig withTokens(int perProtocol) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, perProtocol,
                leaseLength, urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Grants leases of this length. */
    public SimulatorConfig withLeaseLength(Duration length) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens, length,
                urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Signs URLs for that long. */
    public SimulatorConfig withUrlLifetime(Duration lifetime) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens, leaseLength,
                lifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /** Takes everything random from this seed. */
    public SimulatorConfig withSeed(long number) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens, leaseLength,
                urlLifetime, number, faults, signAnswer, keepContentBytes, threads, clock, repository);
    }

    /**
     * Lets these faults happen, and takes the lease length that suits them; {@code chaos} also lets the form of open
     * answers rotate.
     */
    public SimulatorConfig withFaults(FaultProfile profile) {
        SignAnswer form = profile.name().equals("chaos") ? SignAnswer.ROTATING : signAnswer;
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens,
                profile.leaseLength(), urlLifetime, seed, profile, form, keepContentBytes, threads, clock, repository);
    }

    /** Answers in this form. */
    public SimulatorConfig withSignAnswer(SignAnswer form) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens, leaseLength,
                urlLifetime, seed, faults, form, keepContentBytes, threads, clock, repository);
    }

    /** Keeps artifacts up to this size. */
    public SimulatorConfig withKeepContent(int bytes) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens, leaseLength,
                urlLifetime, seed, faults, signAnswer, bytes, threads, clock, repository);
    }

    /** Runs on that many event loop threads. */
    public SimulatorConfig withThreads(int count) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens, leaseLength,
                urlLifetime, seed, faults, signAnswer, keepContentBytes, count, clock, repository);
    }

    /** Measures by this clock. */
    public SimulatorConfig withClock(SimulatorClock other) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens, leaseLength,
                urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, other, repository);
    }

    /** Lets every other build be about this repository. */
    public SimulatorConfig withRepository(LocalRepository real) {
        return new SimulatorConfig(host, port, advertisedHost, protocols, jobs, arrival, topics, tokens, leaseLength,
                urlLifetime, seed, faults, signAnswer, keepContentBytes, threads, clock, real);
    }

    /** The host name in all URLs. */
    String urlHost() {
        if (advertisedHost != null) {
            return advertisedHost;
        }
        return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    }

    private static void within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " lies between " + min + " and " + max + ", not " + value);
        }
    }
}
