package dev.coxswain.supervisor.bench;

import java.util.List;

/** The server of a bench in its own JVM, and contenders that talk to it. */
final class Loopback {
    /** The same for every JVM of a bench; 1 GiB is what the goals allow. */
    static final List<String> FLAGS = List.of("-XX:+UseG1GC", "-Xmx1g");
    /** Nobody asks again in this run. */
    private static final int FOR_GOOD = 3600;

    private final Scope scope;
    private final Child server;
    private final String url;
    private final boolean counted;

    Loopback(Scope scope) {
        this(scope, "http", Child.start(scope, "server", FLAGS, "server"));
    }

    /** One that speaks TLS. */
    Loopback(Scope scope, Certificate certificate) {
        this(scope, "https", Child.start(scope, "server", FLAGS, "server", "keys", certificate.keys().toString()));
    }

    private Loopback(Scope scope, String scheme, Child server) {
        this.scope = scope;
        this.server = server;
        this.url = scheme + "://127.0.0.1:" + (int) server.ask("port").get("port");
        this.counted = Instructions.works();
    }

    String url() {
        return url;
    }

    Child server() {
        return server;
    }

    /** Whether instructions can be counted on this host. */
    String counters() {
        return counted
                ? "instructions: perf, of the client's process"
                : "instructions: n/a, this host has no perf or no counters; goals are judged by CPU seconds";
    }

    Child minimal(int connections) {
        return Child.start(scope, "minimal loop", FLAGS, "minimal", "url", url, "connections", connections);
    }

    Child threads(int connections) {
        return Child.start(scope, "virtual threads", FLAGS, "threads", "url", url, "connections", connections);
    }

    Child engine(String name, int connections, boolean journal, int jobMillis, List<String> flags,
            Object... more) {
        Object[] settings = new Object[10 + more.length];
        Object[] common = {"url", url, "connections", connections, "journal", journal, "jobMillis", jobMillis,
                "folder", scope.newFolder().toString()};
        System.arraycopy(common, 0, settings, 0, common.length);
        System.arraycopy(more, 0, settings, common.length, more.length);
        return Child.start(scope, name, flags, "engine", settings);
    }

    /** A window of so many jobs. */
    Windows.Contender jobs(Child child, int runners, int jobs) {
        return new Windows.Contender(child.name(), () -> {
            server.ask("grant", "jobs", jobs, "retryAfter", FOR_GOOD);
            return counted(child, "jobs", "runners", runners, "jobs", jobs);
        });
    }

    /** A window of so many lease requests that bring nothing. */
    Windows.Contender polls(Child child, int runners, int polls) {
        return new Windows.Contender(child.name(), () -> {
            server.ask("grant", "jobs", 0, "retryAfter", 0);
            return counted(child, "polls", "runners", runners, "polls", polls);
        });
    }

    private Figures counted(Child child, String what, Object... parameters) {
        try (Instructions instructions = Instructions.of(child.pid(), counted)) {
            Figures figures = child.ask(what, parameters);
            return figures.with("instructions", instructions.stop()).with("count", figures.get(what));
        }
    }
}
