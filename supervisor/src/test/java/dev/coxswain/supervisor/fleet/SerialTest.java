package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SerialTest {
    private final Serial serial = new Serial();

    @Test
    void aTaskOfATaskComesAfterIt() {
        List<String> order = new ArrayList<>();

        serial.run(() -> {
            serial.run(() -> order.add("second"));
            order.add("first");
        });

        assertThat(order).containsExactly("first", "second");
    }

    @Test
    void oneThatFailsDoesNotKeepTheNextFromRunning() {
        List<String> order = new ArrayList<>();

        serial.run(() -> {
            serial.run(() -> order.add("next"));
            throw new IllegalStateException("on purpose");
        });
        serial.run(() -> {
            throw new AssertionError("an error on purpose");
        });
        serial.run(() -> order.add("last"));

        assertThat(order).containsExactly("next", "last");
    }

    @Test
    void whoComesMeanwhileLeavesHisTaskAndGoesOn() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch handedIn = new CountDownLatch(1);
        AtomicReference<String> doneBy = new AtomicReference<>();
        Thread first = Thread.ofPlatform().name("first").start(() -> serial.run(() -> {
            busy.countDown();
            try {
                handedIn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        busy.await();

        serial.run(() -> doneBy.set(Thread.currentThread().getName()));
        handedIn.countDown();
        first.join();

        assertThat(doneBy).hasValue("first");
    }

    @Test
    void noTwoRunAtOnceAndNoneIsLost() throws Exception {
        AtomicBoolean running = new AtomicBoolean();
        AtomicInteger overlaps = new AtomicInteger();
        int[] sum = {0};
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int task = 0; task < 20_000; task++) {
                    serial.run(() -> {
                        overlaps.addAndGet(running.compareAndSet(false, true) ? 0 : 1);
                        sum[0]++;
                        running.set(false);
                    });
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(overlaps).hasValue(0);
        assertThat(sum[0]).isEqualTo(80_000);
    }
}
