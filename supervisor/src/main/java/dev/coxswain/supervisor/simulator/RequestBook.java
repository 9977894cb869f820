package dev.coxswain.supervisor.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Exact counts of requests, faults and violations, and the last few of each in full. Guarded by its own monitor: tiny
 * sections without waiting or foreign code.
 */
final class RequestBook {
    private static final int REQUESTS_KEPT = 1000;
    private static final int VIOLATIONS_KEPT = 200;
    private static final int DETAIL_KEPT = 300;

    private final Deque<RequestEntry> recent = new ArrayDeque<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final Map<String, Map<Violation, Long>> violations = new HashMap<>();
    private final List<Map<String, Object>> violationEntries = new ArrayList<>();
    private final Map<String, List<LeaseCall>> leaseCalls = new HashMap<>();
    private long total;

    synchronized void add(String protocol, RequestEntry entry) {
        total++;
        counts.merge(protocol + " " + entry.kind().label() + " " + entry.status(), 1L, Long::sum);
        if (recent.size() == REQUESTS_KEPT) {
            recent.removeFirst();
        }
        recent.addLast(entry);
    }

    synchronized void fault(Fault fault) {
        faults.merge(fault, 1L, Long::sum);
    }

    synchronized void violation(Violation violation, String protocol, String subject, String detail, long nanos) {
        violations.computeIfAbsent(protocol, p -> new EnumMap<>(Violation.class)).merge(violation, 1L, Long::sum);
        if (violationEntries.size() < VIOLATIONS_KEPT) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("atMillis", nanos / 1_000_000);
            entry.put("rule", violation.label());
            entry.put("subject", subject);
            entry.put("detail", detail.length() > DETAIL_KEPT ? detail.substring(0, DETAIL_KEPT) : detail);
            violationEntries.add(entry);
        }
    }

    /** Counts a lease request in; all others of the token that are in flight have been overlapped. */
    synchronized LeaseCall leaseCallBegins(String protocol, String holder) {
        LeaseCall call = new LeaseCall(protocol, holder);
        List<LeaseCall> open = leaseCalls.computeIfAbsent(protocol + " " + holder, token -> new ArrayList<>(1));
        open.forEach(LeaseCall::overlaps);
        open.add(call);
        return call;
    }

    synchronized void leaseCallEnds(LeaseCall call) {
        leaseCalls.computeIfPresent(call.protocol + " " + call.holder, (token, open) -> {
            open.remove(call);
            return open.isEmpty() ? null : open;
        });
    }

    /** The newest violations in words, bounded. */
    synchronized List<String> violationTexts() {
        return violationEntries.stream().map(Json::text).toList();
    }

    /** How often each rule was broken, for one protocol or for all. */
    synchronized Map<Violation, Long> violations(@Nullable String protocol) {
        Map<Violation, Long> sums = new EnumMap<>(Violation.class);
        for (Violation violation : Violation.values()) {
            sums.put(violation, 0L);
        }
        violations.forEach((name, counted) -> {
            if (protocol == null || protocol.equals(name)) {
                counted.forEach((violation, count) -> sums.merge(violation, count, Long::sum));
            }
        });
        return sums;
    }

    synchronized long requests(String protocol) {
        return counts.entrySet().stream().filter(count -> count.getKey().startsWith(protocol + " "))
                .mapToLong(Map.Entry::getValue).sum();
    }

    synchronized long faults(Fault fault) {
        return faults.getOrDefault(fault, 0L);
    }

    synchronized Map<String, Object> toMap(int requests) {
        Map<String, Object> json = new LinkedHashMap<>();
        Map<String, Object> met = new LinkedHashMap<>();
        for (Fault fault : Fault.values()) {
            met.put(fault.label(), faults.getOrDefault(fault, 0L));
        }
        json.put("faults", met);
        json.put("violations", List.copyOf(violationEntries));
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("total", total);
        seen.put("counts", counts.entrySet().stream().map(RequestBook::count).toList());
        seen.put("recent",
                recent.stream().skip(Math.max(0, recent.size() - requests)).map(RequestBook::entry).toList());
        json.put("requests", seen);
        return json;
    }

    private static Map<String, Object> count(Map.Entry<String, Long> counted) {
        String[] parts = counted.getKey().split(" ", 3);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("protocol", parts[0]);
        json.put("kind", parts[1]);
        json.put("status", Integer.parseInt(parts[2]));
        json.put("count", counted.getValue());
        return json;
    }

    private static Map<String, Object> entry(RequestEntry request) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("atMillis", request.atNanos() / 1_000_000);
        json.put("micros", request.micros());
        json.put("method", request.method());
        json.put("path", request.path());
        json.put("kind", request.kind().label());
        json.put("status", request.status());
        String holder = request.holder();
        if (holder != null) {
            json.put("runner", holder);
        }
        Fault fault = request.fault();
        if (fault != null) {
            json.put("fault", fault.label());
        }
        return json;
    }
}
