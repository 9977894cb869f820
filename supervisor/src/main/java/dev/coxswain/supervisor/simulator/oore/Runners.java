package dev.coxswain.supervisor.simulator.oore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.SimulatorContext;

/**
 * The runners that the daemon knows: some from the start, one of its own that nobody has the token of, and those that
 * people register (contract oore-ci 3 and 4). Guarded by its own monitor (tiny sections).
 */
final class Runners {
    private static final long OFFLINE_NANOS = Duration.ofMinutes(2).toNanos();
    private static final long MONITOR_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_RUNNERS = 1_100_000;
    private static final Set<String> STATUSES = Set.of("online", "offline", "busy", "draining");

    /** One page of a list. */
    record Page(List<Map<String, Object>> runners, int total, int online) {}

    /** A runner with the token that is told once. */
    record Made(Map<String, Object> runner, String token) {}

    private final SimulatorContext context;
    private final Ids ids;
    private final Map<String, Runner> byId = new LinkedHashMap<>();
    private final Map<String, Runner> byToken = new HashMap<>();
    private final List<String> firstTokens;
    private final List<String> firstCredentials;
    private final Set<String> given = new HashSet<>();
    private int made;

    Runners(SimulatorContext context, Ids ids) {
        this.context = context;
        this.ids = ids;
        firstTokens = context.tokens().hexFamily("oore", context.config().tokens());
        List<String> credentials = new ArrayList<>(firstTokens.size());
        for (String token : firstTokens) {
            int number = credentials.size() + 1;
            Runner runner = enter(token, "oore-" + number, "Runner " + number, "simulated-owner", null);
            credentials.add(runner.id + " " + token);
        }
        firstCredentials = List.copyOf(credentials);
        Runner own = new Runner(ids.next(), "oore-own", "This host", null, Map.of("os", "macos"), second());
        byId.put(own.id, own);
    }

    List<String> firstTokens() {
        return firstTokens;
    }

    /** {@code id token} for each of the first runners. */
    List<String> firstCredentials() {
        return firstCredentials;
    }

    synchronized boolean gaveOut(String token) {
        return given.contains(token);
    }

    synchronized @Nullable Runner byToken(String token) {
        return byToken.get(token);
    }

    synchronized Made register(String name, @Nullable Object capabilities, String person) {
        String trimmed = checkedName(name);
        if (byId.size() >= MAX_RUNNERS) {
            throw Refusal.store("the simulator takes no more runners");
        }
        String family = "oore-made-" + ++made;
        String token = context.tokens().hexFamily(family, 1).getFirst();
        given.add(token);
        return new Made(enter(token, family + "-1", trimmed, person, capabilities).toMap(), token);
    }

    synchronized Map<String, Object> one(String id) {
        return known(id).toMap();
    }

    synchronized Map<String, Object> rename(String id, @Nullable String name) {
        if (name == null) {
            throw Refusal.of(400, "invalid_input", "there is nothing to change");
        }
        String trimmed = checkedName(name);
        Runner runner = changeable(id);
        runner.name = trimmed;
        runner.updatedAt = second();
        return runner.toMap();
    }

    synchronized void delete(String id) {
        Runner runner = changeable(id);
        if (runner.touched) {
            throw Refusal.of(409, "runner_has_builds", "a runner that had builds stays");
        }
        byId.remove(id);
        byToken.values().remove(runner);
    }

    synchronized Page page(int limit, int offset, String sort, boolean ascending) {
        Comparator<Runner> order = switch (sort) {
            case "name" -> Comparator.comparing(runner -> runner.name);
            case "status" -> Comparator.comparing(Runners.this::status);
            case "last_heartbeat_at" -> Comparator.comparingLong(runner -> runner.lastHeartbeatNanos);
            default -> Comparator.comparingLong(runner -> runner.createdAt);
        };
        Comparator<Runner> whole = (ascending ? order : order.reversed()).thenComparing(runner -> runner.id);
        List<Map<String, Object>> page = byId.values().stream().sorted(whole).skip(offset).limit(limit)
                .map(runner -> {
                    runner.status = status(runner);
                    return runner.toMap();
                }).toList();
        int online = (int) byId.values().stream().filter(runner -> status(runner).equals("online")).count();
        return new Page(page, byId.size(), online);
    }

    synchronized void heartbeat(Runner runner, String status, @Nullable Object capabilities) {
        if (!STATUSES.contains(status)) {
            throw Refusal.of(400, "invalid_status", "status is one of online, offline, busy, draining");
        }
        if (byId.get(runner.id) != runner) {
            throw Refusal.of(404, "not_found", "there is no such runner");
        }
        runner.status = status;
        runner.lastHeartbeatNanos = context.config().clock().nanos();
        runner.lastHeartbeatAt = second();
        runner.updatedAt = second();
        if (capabilities instanceof Map<?, ?> map && !map.isEmpty()) {
            runner.capabilities = capabilities;
        }
    }

    /** A monitor looks once a minute for runners that have not beaten for two. */
    private String status(Runner runner) {
        long now = context.config().clock().nanos();
        long seen = now - now % MONITOR_NANOS;
        return runner.lastHeartbeatNanos >= 0 && seen - runner.lastHeartbeatNanos > OFFLINE_NANOS
                ? "offline"
                : runner.status;
    }

    private Runner enter(String token, String holder, String name, String person, @Nullable Object capabilities) {
        Runner runner = new Runner(ids.next(), holder, name, person, capabilities, second());
        byId.put(runner.id, runner);
        byToken.put(token, runner);
        return runner;
    }

    private Runner known(String id) {
        Runner runner = byId.get(id);
        if (runner == null) {
            throw Refusal.of(404, "not_found", "there is no such runner");
        }
        runner.status = status(runner);
        return runner;
    }

    private Runner changeable(String id) {
        Runner runner = known(id);
        if (runner.registeredBy == null) {
            throw Refusal.of(409, "managed_runner_locked", "the daemon's own runner is not changed here");
        }
        return runner;
    }

    private static String checkedName(String name) {
        String trimmed = name.strip();
        if (trimmed.isEmpty() || trimmed.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw Refusal.of(400, "invalid_name", "a name has 1 to " + MAX_NAME_BYTES + " bytes");
        }
        return trimmed;
    }

    private long second() {
        return context.now().getEpochSecond();
    }
}
