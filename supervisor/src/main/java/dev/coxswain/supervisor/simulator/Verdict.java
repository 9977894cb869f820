package dev.coxswain.supervisor.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The judgement on a run, for one protocol or all of them.
 *
 * @param jobs how many jobs there were
 * @param completed settled once, with success
 * @param failed settled once, with a failure
 * @param cancelled settled by the control plane
 * @param lost not settled at the moment of the verdict; so ask when the run is over
 * @param queued how many of the lost wait for a lease
 * @param leased how many of the lost are held by a runner: until its report is acknowledged, so also while it repeats a
 *        report without an answer, when the slot of its host is free again; may be more than a host has slots
 * @param leases leases granted
 * @param unheardLeases leases whose answer a fault took: no runner knew of them
 * @param stolenLeases leases that a fault ended
 * @param excusedExpiries leases that ran out after a fault had met them, which is no violation
 * @param repeatedReports the same report of an end again, refused; harmless after a lost answer or a restart
 * @param violations how often each rule was broken; every rule is present
 * @param pickup from queued to leased for the first time
 * @param settle from leased to settled
 */
public record Verdict(long jobs, long completed, long failed, long cancelled, long lost, long queued, long leased,
        long leases, long unheardLeases, long stolenLeases, long excusedExpiries, long repeatedReports,
        Map<Violation, Long> violations, Percentiles pickup, Percentiles settle) {
    public Verdict {
        violations = Map.copyOf(violations);
    }

    /** Whether every job was settled exactly once and no rule was broken. */
    public boolean clean() {
        return lost == 0 && violations.values().stream().allMatch(count -> count == 0);
    }

    /** How often this rule was broken. */
    public long count(Violation violation) {
        return violations.getOrDefault(violation, 0L);
    }

    /** Jobs whose end was reported twice, or in two ways. */
    public long duplicates() {
        return count(Violation.SETTLED_TWICE) + count(Violation.OPPOSITE_REPORT) + count(Violation.RUN_TWICE);
    }

    /** The verdict as a JSON object. */
    public String toJson() {
        return Json.text(toMap());
    }

    Map<String, Object> toMap() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("clean", clean());
        json.put("jobs", jobs);
        json.put("completed", completed);
        json.put("failed", failed);
        json.put("cancelled", cancelled);
        json.put("lost", lost);
        json.put("queued", queued);
        json.put("leased", leased);
        json.put("leases", leases);
        json.put("unheardLeases", unheardLeases);
        json.put("stolenLeases", stolenLeases);
        json.put("excusedExpiries", excusedExpiries);
        json.put("repeatedReports", repeatedReports);
        Map<String, Object> broken = new LinkedHashMap<>();
        for (Violation violation : Violation.values()) {
            broken.put(violation.label(), count(violation));
        }
        json.put("violations", broken);
        json.put("pickupMillis", millis(pickup));
        json.put("settleMillis", millis(settle));
        return json;
    }

    private static Map<String, Object> millis(Percentiles times) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("p50", times.p50().toMillis());
        json.put("p99", times.p99().toMillis());
        json.put("max", times.max().toMillis());
        return json;
    }
}
