package dev.coxswain.executors.actions;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Times within times, on a clock that the test sets. */
class TimeLimitTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();

    private TimeLimit job(@Nullable Duration limit) {
        return TimeLimit.ofJob(limit, nanos::get, timer);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void theShorterTimeHoldsAndIsNamed() {
        TimeLimit job = job(Duration.ofMinutes(10));
        TimeLimit shorter = job.ofStep(Duration.ofMinutes(2));
        TimeLimit longer = job.ofStep(Duration.ofMinutes(20));

        assertThat(shorter.left()).isEqualTo(Duration.ofMinutes(2));
        assertThat(longer.left()).isEqualTo(Duration.ofMinutes(10));
        assertThat(shorter.outerEndsFirst()).isFalse();
        assertThat(longer.outerEndsFirst()).isTrue();
        assertThat(shorter.over().text()).startsWith("the step did not end within 2m,");
        assertThat(longer.over().text()).startsWith("the job did not end within 10m,");
    }

    @Test
    void aTimeThatIsOverIsOverForAllWithin() {
        TimeLimit job = job(Duration.ofMinutes(10));
        TimeLimit step = job.ofStep(Duration.ofMinutes(20));
        TimeLimit inner = step.ofStep(null);
        pass(Duration.ofMinutes(9));
        assertThat(inner.isOver()).isFalse();
        assertThat(inner.left()).isEqualTo(Duration.ofMinutes(1));
        pass(Duration.ofMinutes(1));

        assertThat(job.isOver()).isTrue();
        assertThat(step.isOver()).isTrue();
        assertThat(inner.isOver()).isTrue();
        assertThatThrownBy(inner::left).isInstanceOfSatisfying(StepFailure.class,
                failure -> assertThat(failure.isTimedOut()).isTrue()).hasMessageContaining("the job did not end");
    }

    @Test
    void whatEndsFirstIsFoundThroughAllLevels() {
        TimeLimit step = job(Duration.ofMinutes(10)).ofStep(Duration.ofMinutes(3));
        TimeLimit inner = step.ofStep(null);

        assertThat(inner.outerEndsFirst()).isTrue();
        assertThat(inner.over().text()).startsWith("the step did not end within 3m,");
        assertThat(job(Duration.ofMinutes(1)).ofStep(null).ofStep(Duration.ofMinutes(2)).over().text())
                .startsWith("the job did not end within 1m,");
    }

    @Test
    void noLimitIsAMonth() {
        assertThat(job(null).left()).isEqualTo(Duration.ofDays(30));
        assertThat(job(null).outerEndsFirst()).isFalse();
    }

    @Test
    void whatIsNoCommandIsCancelledAtTheEnd() {
        TimeLimit job = job(Duration.ofSeconds(5));

        StepVerifier.create(job.within(Flux.never())).then(() -> timer.advanceTimeBy(Duration.ofSeconds(5)))
                .expectErrorSatisfies(e -> assertThat(e).hasMessageContaining("the job did not end within 5s"))
                .verify(ActionsHost.PATIENCE);
        StepVerifier.create(job.within(Flux.just(1, 2))).expectNext(1, 2).expectComplete().verify(ActionsHost.PATIENCE);
    }
}
