package dev.coxswain.supervisor.metrics;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.Timer;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

class ExpositionTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final AtomicLong stall = new AtomicLong();
    private final Exposition exposition = new Exposition("1.2.3", time,
            () -> time.now(TimeUnit.NANOSECONDS) + stall.get());

    @AfterEach
    void close() {
        exposition.close();
    }

    @Test
    void buildJvmAndProcessAreThere() {
        Scrape scrape = scrape();

        assertThat(scrape.value(
                "coxswain_build_info{java=\"" + System.getProperty("java.version") + "\",version=\"1.2.3\"}")).isOne();
        assertThat(scrape.types()).containsKeys("jvm_memory_used_bytes", "jvm_threads_live_threads",
                "process_files_open_files", "process_cpu_usage", "process_uptime_seconds", "system_cpu_count",
                "jvm_gc_memory_allocated_bytes_total");
    }

    @Test
    void latenessIsMeasuredAtEveryTick() {
        time.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(scrape().value("coxswain_event_loop_delay_seconds_bucket{le=\"0.001\"}")).isEqualTo(10);

        stall.set(Duration.ofMillis(300).toNanos());
        time.advanceTimeBy(DelaySampler.TICK);

        Scrape scrape = scrape();
        assertThat(scrape.value("coxswain_event_loop_delay_seconds_count")).isEqualTo(11);
        assertThat(scrape.value("coxswain_event_loop_delay_seconds_sum")).isEqualTo(0.3);
        assertThat(scrape.value("coxswain_event_loop_delay_seconds_bucket{le=\"0.25\"}")).isEqualTo(10);
    }

    @Test
    void callsThatWaitForAThreadAreCounted() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Scheduler disk = Schedulers.newBoundedElastic(1, 100, "cox-disk", 60, true);
        try {
            disk.schedule(() -> {
                running.countDown();
                awaitUninterruptibly(release);
            });
            running.await();
            disk.schedule(() -> {});
            disk.schedule(() -> {});

            assertThat(scrape().value("coxswain_calls_waiting{resource=\"disk\"}")).isEqualTo(2);
            assertThat(scrape().value("coxswain_calls_waiting{resource=\"starts\"}")).isZero();
        } finally {
            release.countDown();
            disk.dispose();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void everySchedulerThatMayBlockHasItsOwnValue() {
        assertThat(WaitingCalls.RESOURCES.values())
                .containsExactlyInAnyOrderElementsOf(FleetMeters.Closed.THREADS.allowed());
    }

    @Test
    void droppedSignalsAreCountedUntilItIsClosed() {
        Operators.onErrorDropped(new IllegalStateException("late"), Context.empty());
        Operators.onNextDropped("late", Context.empty());
        assertThat(scrape().value("coxswain_dropped_signals_total")).isEqualTo(2);

        exposition.close();
        Operators.onNextDropped("later", Context.empty());
        assertThat(time.getScheduledTaskCount()).isLessThanOrEqualTo(1);
        assertThat(exposition.meters().counter(FleetMeters.DROPPED_SIGNALS).count()).isEqualTo(2);
    }

    @Test
    void connectionPoolsAreSummedUpByNameWithoutAddresses() {
        ConnectionProvider.MeterRegistrar pools = exposition.connectionPools();
        InetSocketAddress one = InetSocketAddress.createUnresolved("a.example", 443);
        InetSocketAddress two = InetSocketAddress.createUnresolved("b.example", 443);
        pools.registerMetrics("uploads", "1", one, new Sizes(3, 2, 1));
        pools.registerMetrics("uploads", "2", two, new Sizes(4, 0, 5));

        String text = exposition.scrape();
        Scrape both = Scrape.of(text);
        assertThat(text).doesNotContain("example");
        assertThat(both.value("reactor_netty_connection_provider_active_connections{name=\"uploads\"}")).isEqualTo(7);
        assertThat(both.value("reactor_netty_connection_provider_idle_connections{name=\"uploads\"}")).isEqualTo(2);
        assertThat(both.value("reactor_netty_connection_provider_pending_connections{name=\"uploads\"}")).isEqualTo(6);

        pools.deRegisterMetrics("uploads", "1", one);
        pools.deRegisterMetrics("never seen", "1", one);
        assertThat(scrape().value("reactor_netty_connection_provider_active_connections{name=\"uploads\"}"))
                .isEqualTo(4);
    }

    @Test
    void aMeasurementShowsItsTraceInTheOpenMetricsFormOnly() {
        Timer jobs = exposition.meters().timer(FleetMeters.JOB_DURATION, "films");
        Exemplar.record(jobs, Duration.ofMillis(70), new Exemplar("0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331"));
        Exemplar.record(jobs, Duration.ofSeconds(3), null);

        assertThat(exposition.scrape(TextForm.OPEN_METRICS)).endsWith("# EOF\n").containsPattern(
                "coxswain_job_duration_seconds_bucket\\{pool=\"films\",le=\"0.1\"} 1 # "
                        + "\\{span_id=\"b7ad6b7169203331\",trace_id=\"0af7651916cd43dd8448eb211c80319c\"} 0.07 ");
        assertThat(exposition.scrape()).doesNotContain("trace_id").contains("coxswain_job_duration_seconds_bucket");
    }

    @Test
    void openMetricsIsForWhoeverNamesIt() {
        assertThat(TextForm.wanted(null)).isEqualTo(TextForm.PLAIN);
        assertThat(TextForm.wanted("text/plain, */*")).isEqualTo(TextForm.PLAIN);
        assertThat(TextForm.wanted("Application/OpenMetrics-Text; version=1.0.0, text/plain;q=0.1"))
                .isEqualTo(TextForm.OPEN_METRICS);
    }

    private Scrape scrape() {
        return Scrape.of(exposition.scrape());
    }

    private record Sizes(int acquiredSize, int idleSize, int pendingAcquireSize) implements ConnectionPoolMetrics {
        @Override
        public int allocatedSize() {
            return acquiredSize + idleSize;
        }

        @Override
        public int maxAllocatedSize() {
            return 100;
        }

        @Override
        public int maxPendingAcquireSize() {
            return 100;
        }
    }
}
