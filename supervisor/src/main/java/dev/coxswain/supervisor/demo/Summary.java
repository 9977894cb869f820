package dev.coxswain.supervisor.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

import dev.coxswain.supervisor.simulator.Ledger;
import dev.coxswain.supervisor.simulator.Verdict;
import dev.coxswain.supervisor.simulator.Violation;

/** The table at the end: one row for each control plane, then what the ledger found wrong. */
final class Summary {
    private Summary() {}

    static void print(PrintWriter out, Ledger ledger, List<String> protocols) {
        out.printf(Locale.ROOT, "%n%-20s %6s %6s %6s %6s %10s %16s %16s%n", "control plane", "jobs", "ok", "failed",
                "lost", "duplicate", "pickup p50/p99", "settle p50/p99");
        for (String protocol : protocols) {
            Verdict verdict = ledger.verdict(protocol);
            out.printf(Locale.ROOT, "%-20s %6d %6d %6d %6d %10d %16s %16s%n", protocol, verdict.jobs(),
                    verdict.completed(), verdict.failed(), verdict.lost(), verdict.duplicates(),
                    pair(verdict.pickup().p50(), verdict.pickup().p99()),
                    pair(verdict.settle().p50(), verdict.settle().p99()));
        }
        Verdict all = ledger.verdict();
        for (Violation violation : Violation.values()) {
            if (all.count(violation) > 0) {
                out.println("violation: " + violation.label() + " " + all.count(violation) + " times");
            }
        }
        ledger.violations().forEach(violation -> out.println("  " + violation));
        if (all.leases() > all.jobs()) {
            out.printf(Locale.ROOT,
                    "leased again after a fault: %d (never heard %d, stolen %d, run out after a fault %d)%n",
                    all.leases() - all.jobs(), all.unheardLeases(), all.stolenLeases(), all.excusedExpiries());
        }
    }

    private static String pair(Duration half, Duration most) {
        return seconds(half) + "/" + seconds(most);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2fs", time.toMillis() / 1000.0);
    }
}
