package dev.coxswain.supervisor.traces;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.metrics.Exemplar;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.JobTrace;
import dev.coxswain.supervisor.runner.JobTrace.StageEnd;
import dev.coxswain.supervisor.runner.JobTraces;
import dev.coxswain.supervisor.runner.SettleResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** What is told of jobs, as a collector sees it. */
class TracesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JobTraces.Leased JOB = new JobTraces.Leased("shorts/p-1", "shorts", "films", "films-1",
            "host");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final FleetClock clock = FleetClock.of(time);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Traces traces = new Traces("1.2", clock, new Meters(registry));
    private final FakeCollector collector = new FakeCollector();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Collector.class);

    TracesTest() {
        // the wall clock begins in 1970, where the SDK takes 0 for "not said"
        time.advanceTimeBy(Duration.ofDays(1));
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void close() {
        logger.detachAppender(log);
        logger.setLevel(null);
        traces.close().block(PATIENCE);
        collector.close();
    }

    private void on(double sample) {
        traces.retune(new TracesConfig(collector.uri(), sample, Map.of("x-key", new Secret("a-key-of-ours"))),
                "build-01");
    }

    private double spans(String result) {
        return registry.get("coxswain_trace_spans_total").tag("result", result).counter().count();
    }

    /** What was said of this test's collector; one of a former test may still be given up. */
    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.contains(collector.uri().getAuthority())).toList();
    }

    @Test
    void aJobIsOneTraceFromTheRequestToItsEnd() {
        on(1);
        long sent = clock.nanos();
        time.advanceTimeBy(Duration.ofSeconds(1));
        JobTrace trace = traces.granted(JOB, sent);
        assertThat(trace.stage("lease", sent, sent + SECOND, StageEnd.DONE)).isNotNull();
        trace.heartbeatFailed(sent + 2 * SECOND, "Unavailable");
        trace.stage("run", sent + SECOND, sent + 3 * SECOND, StageEnd.STOPPED);
        trace.stage("settle", sent + 3 * SECOND, sent + 4 * SECOND, StageEnd.FAILED);
        Exemplar end = trace.ended(SettleResult.LOST, sent + 4 * SECOND);
        assertThat(trace.ended(SettleResult.SUCCESS, sent + 9 * SECOND)).isNull();
        assertThat(trace.stage("late", sent, sent + 9 * SECOND, StageEnd.DONE)).isNull();
        traces.flush();

        List<FakeCollector.Seen> seen = collector.await(4);
        FakeCollector.Seen job = seen.getLast();
        long began = clock.now().toEpochMilli() * 1_000_000 - SECOND;
        assertThat(seen).extracting(FakeCollector.Seen::name).containsExactly("lease", "run", "settle", "job");
        assertThat(seen).extracting(FakeCollector.Seen::trace).containsOnly(job.trace());
        assertThat(seen.subList(0, 3)).extracting(FakeCollector.Seen::parent).containsOnly(job.id());
        assertThat(job.parent()).isEmpty();
        assertThat(end).isEqualTo(new Exemplar(job.trace(), job.id()));
        assertThat(job.from()).isEqualTo(began);
        assertThat(job.until()).isEqualTo(began + 4 * SECOND);
        assertThat(seen.get(1).from()).isEqualTo(began + SECOND);
        assertThat(job.attributes()).isEqualTo(Map.of("job", "shorts/p-1", "control_plane", "shorts", "pool", "films",
                "runner", "films-1", "executor", "host", "result", "lost"));
        assertThat(job.events()).containsExactly("heartbeat failed {kind=Unavailable}");
        assertThat(job.isError()).isTrue();
        assertThat(seen).extracting(FakeCollector.Seen::isError).containsExactly(false, false, true, true);
        assertThat(seen.get(1).attributes()).containsEntry("stopped", "true");
        assertThat(job.resource()).containsEntry("service.name", "coxswain").containsEntry("service.version", "1.2")
                .containsEntry("service.instance.id", "build-01");
        assertThat(collector.headers.getFirst().get("x-key")).isEqualTo("a-key-of-ours");
        assertThat(spans("sent")).isEqualTo(4);
        assertThat(lines()).isEmpty();
    }

    @Test
    void nothingIsToldWhereNobodyAsksAndOfJobsOutsideTheSample() {
        assertThat(traces.granted(JOB, clock.nanos())).isSameAs(JobTrace.OFF);
        on(1e-9);
        assertThat(traces.granted(JOB, clock.nanos())).isSameAs(JobTrace.OFF);
        on(1);
        assertThat(traces.granted(JOB, clock.nanos())).isNotSameAs(JobTrace.OFF);
        traces.retune(null, "build-01");
        assertThat(traces.granted(JOB, clock.nanos())).isSameAs(JobTrace.OFF);
    }

    /** The SDK may answer a flush with the end of the one before. */
    private void flushedUntil(BooleanSupplier holds) {
        Mono.fromRunnable(traces::flush).then(Mono.fromSupplier(holds::getAsBoolean))
                .subscribeOn(Schedulers.boundedElastic()).filter(held -> held)
                .repeatWhenEmpty(tries -> tries.delayElements(Duration.ofMillis(10))).block(PATIENCE);
    }

    @Test
    void aCollectorThatRefusesIsSaidOnceAndFoundAgain() {
        on(1);
        collector.answer(401);
        for (int i = 1; i <= 3; i++) {
            int failed = i;
            traces.granted(JOB, clock.nanos()).ended(SettleResult.SUCCESS, clock.nanos());
            flushedUntil(() -> spans("failed") == failed);
        }
        collector.answer(200);
        traces.granted(JOB, clock.nanos()).ended(SettleResult.SUCCESS, clock.nanos());
        flushedUntil(() -> lines().size() == 2);

        assertThat(collector.await(1)).hasSize(1);
        assertThat(spans("failed")).isEqualTo(3);
        assertThat(lines()).hasSize(2).first().asString()
                .contains("takes no traces, jobs go on without them").doesNotContain("a-key-of-ours");
    }

    @Test
    void aCollectorThatIsAwayCostsSpansAndNothingElse() {
        collector.close();
        traces.retune(new TracesConfig(collector.uri(), 1, Map.of()), "build-01");
        JobTrace trace = traces.granted(JOB, clock.nanos());
        assertThat(trace.ended(SettleResult.SUCCESS, clock.nanos())).isNotNull();
        traces.flush();

        assertThat(spans("failed")).isEqualTo(1);
        assertThat(lines()).singleElement().asString().contains("jobs go on without them");
    }

    @Test
    void whatFindsTheQueueFullIsDroppedAndCounted() throws IOException {
        // a port that takes connections and never answers
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            traces.retune(new TracesConfig(URI.create("http://127.0.0.1:" + silent.getLocalPort()), 1, Map.of()),
                    "build-01");
            for (int i = 0; i < Pipeline.QUEUE + 100; i++) {
                traces.granted(JOB, clock.nanos()).ended(SettleResult.SUCCESS, clock.nanos());
            }
            assertThat(spans("dropped")).isEqualTo(100);
            // ends, though nobody takes what waits
            traces.close().block(PATIENCE);
        }
    }
}
