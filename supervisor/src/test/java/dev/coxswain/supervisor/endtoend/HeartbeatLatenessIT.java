package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import dev.coxswain.supervisor.simulator.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Full log and upload pipes do not hold up a heartbeat (design section 5.3). All of it, 64 jobs with 32 files each:
 *
 * <pre>
 * mvn verify -pl supervisor -am -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=HeartbeatLatenessIT \
 *   -Dfailsafe.failIfNoSpecifiedTests=false -Dcoxswain.lateness.jobs=64 -Dcoxswain.lateness.files=32 \
 *   -Dcoxswain.lateness.uploads=96
 * </pre>
 *
 * It prints how late heartbeats were; only lost leases fail it, because a machine that does ten things at once is late.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HeartbeatLatenessIT {
    private static final String STUDIO = "xenonflare-studio";
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final String SCRIPT = """
            set -eu
            head -c 2097152 /dev/zero > "$COX_OUTPUT_DIR/f1.bin"
            list='{"file":"f1.bin"}'
            i=1
            while [ $i -lt FILES ]; do
              i=$((i + 1))
              ln "$COX_OUTPUT_DIR/f1.bin" "$COX_OUTPUT_DIR/f$i.bin"
              list="$list,{\\"file\\":\\"f$i.bin\\"}"
            done
            head -c 3000000 /dev/zero | tr '\\0' x | fold -w 120
            echo "{\\"story\\":{\\"scenes\\":[{\\"narration\\":\\"one\\"}]},\\"assets\\":[$list]}" > "$COX_OUTPUT_DIR/result.json"
            """;

    @TempDir
    Path folder;

    @Test
    void uploadsAtFullSpeedCostNoLease() throws Exception {
        int jobs = Integer.getInteger("coxswain.lateness.jobs", 16);
        int each = Integer.getInteger("coxswain.lateness.files", 8);
        int uploads = Integer.getInteger("coxswain.lateness.uploads", 32);
        Simulator simulator = Objects.requireNonNull(new Simulator(
                SimulatorConfig.defaults().withJobs(jobs).withTokens(jobs).withLeaseLength(LEASE)).start().block());
        try {
            SupervisorFolder files = new SupervisorFolder(folder);
            files.write(simulator.url(STUDIO), simulator.tokens(STUDIO), jobs, "",
                    SCRIPT.replace("FILES", String.valueOf(each)), "");
            append(files, "uploads: { parallel: " + uploads + ", perJob: 4 }\n");
            long from = System.nanoTime();
            String metrics;
            // a process of its own: what arms the tests makes everything around it slow
            try (SupervisorProcess process = new SupervisorProcess(files, Map.of())) {
                simulator.ledger().whenAllSettled().block(Duration.ofMinutes(5));
                metrics = process.metrics();
                process.signal("TERM");
                assertThat(process.awaitExit(Duration.ofSeconds(60))).isZero();
            }
            Duration took = Duration.ofNanos(System.nanoTime() - from);
            Verdict verdict = simulator.ledger().verdict();
            List<Bucket> delays = delays(metrics);
            System.out.printf("%d jobs × %d files of 2 MiB in %d ms; heartbeats by lateness (seconds): %s%n", jobs,
                    each,
                    took.toMillis(), delays);
            assertThat(verdict.clean()).as(verdict.toJson()).isTrue();
            assertThat(verdict.completed()).as(verdict.toJson()).isEqualTo(jobs);
            assertThat(delays.stream().mapToLong(Bucket::beats).sum()).isGreaterThanOrEqualTo(jobs);
            assertThat(
                    delays.stream().filter(bucket -> bucket.upTo() > LEASE.toSeconds() / 2.0).mapToLong(Bucket::beats)
                            .sum())
                    .as("beats that were later than half a lease: %s", delays).isZero();
        } finally {
            simulator.stop().block();
        }
    }

    private static void append(SupervisorFolder files, String lines) {
        try {
            Files.writeString(files.config(), lines, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The histogram, with what lies in each bucket alone. */
    private static List<Bucket> delays(String metrics) {
        List<Bucket> buckets = new ArrayList<>();
        long before = 0;
        for (String line : metrics.lines().filter(each -> each.startsWith("coxswain_heartbeat_delay_seconds_bucket"))
                .toList()) {
            String upTo = line.replaceAll(".*le=\"([^\"]*)\".*", "$1");
            long upToHere = (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            buckets.add(new Bucket(upTo.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(upTo),
                    upToHere - before));
            before = upToHere;
        }
        return buckets.stream().filter(bucket -> bucket.beats() > 0).toList();
    }

    /** @param upTo seconds */
    private record Bucket(double upTo, long beats) {
        @Override
        public String toString() {
            return "≤" + upTo + ": " + beats;
        }
    }
}
