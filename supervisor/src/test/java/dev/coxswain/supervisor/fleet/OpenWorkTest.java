package dev.coxswain.supervisor.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenWorkTest {
    private final OpenWork open = new OpenWork();
    private final List<String> seen = new ArrayList<>();

    private void watch() {
        open.whenNone().subscribe(none -> {}, failure -> {}, () -> seen.add("none"));
    }

    @Test
    void onceShutNothingGetsInAndTheLastOneOutEndsIt() {
        watch();
        assertThat(open.enter()).isTrue();
        open.exit();
        assertThat(seen).isEmpty();
        assertThat(open.enter()).isTrue();
        open.shut();
        assertThat(open.enter()).isFalse();
        assertThat(open.count()).isEqualTo(1);
        assertThat(seen).isEmpty();

        open.exit();
        open.shut();
        watch();

        assertThat(seen).containsExactly("none", "none");
    }

    @Test
    void whoeverGotInBeforeItWasShutIsWaitedFor() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            OpenWork raced = new OpenWork();
            AtomicInteger inside = new AtomicInteger();
            CountDownLatch over = new CountDownLatch(3);
            CountDownLatch none = new CountDownLatch(1);
            AtomicInteger insideAtTheEnd = new AtomicInteger(-1);
            raced.whenNone().subscribe(nothing -> {}, failure -> {}, () -> {
                insideAtTheEnd.set(inside.get());
                none.countDown();
            });
            for (int t = 0; t < 3; t++) {
                new Thread(() -> {
                    while (raced.enter()) {
                        inside.incrementAndGet();
                        inside.decrementAndGet();
                        raced.exit();
                    }
                    over.countDown();
                }).start();
            }
            raced.shut();
            over.await();
            none.await();
            assertThat(insideAtTheEnd).hasValue(0);
            assertThat(raced.count()).isZero();
        }
    }
}
