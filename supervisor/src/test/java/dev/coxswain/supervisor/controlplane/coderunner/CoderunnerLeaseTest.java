package dev.coxswain.supervisor.controlplane.coderunner;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.HeartbeatReply;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseRecord;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SettleReply;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CoderunnerLeaseTest {
    private static final Credential RUNNER = new Credential("functions-3", new Secret("none"));

    private final OneExecution queue = new OneExecution();
    private final CoderunnerControlPlane plane = new CoderunnerControlPlane("my functions", queue,
            FleetClock.system());

    private Lease lease() {
        return ((LeaseReply.Granted) Objects.requireNonNull(plane.lease(RUNNER).block())).lease();
    }

    @Test
    void anExecutionIsLeasedOnceUnderAKeyThatIsAFileName() {
        Lease lease = lease();

        assertThat(lease.job().key()).isEqualTo("my_functions-" + queue.id);
        assertThat(lease.job().id()).isEqualTo(queue.id.toString());
        assertThat(lease.job().document()).isEqualTo("{\"kind\":\"job\"}");
        assertThat(lease.term().isEndless()).isTrue();
        assertThat(lease.toString()).doesNotContain("kind");
        assertThat(plane.lease(RUNNER).block()).isEqualTo(new LeaseReply.NoJob(null));
        assertThat(queue.runner).isEqualTo("functions-3");
        plane.check(RUNNER).block();
    }

    @Test
    void aHeartbeatSaysWhatTheServerWants() {
        Lease lease = lease();

        assertThat(lease.heartbeat().block()).isInstanceOf(HeartbeatReply.Renewed.class);
        queue.wish = new Wish.Stop("Cancelled: by a person");
        assertThat(lease.heartbeat().block()).isInstanceOfSatisfying(HeartbeatReply.CancelRequested.class,
                reply -> assertThat(reply.reason()).isEqualTo("Cancelled: by a person"));
        queue.wish = new Wish.Over("it has ended");
        assertThat(lease.heartbeat().block()).isEqualTo(new HeartbeatReply.Lost("it has ended"));
        Lease former = plane.restore(new LeaseRecord("k", "my functions", "p", "r", queue.id.toString(), "{}",
                Instant.EPOCH), RUNNER);
        assertThat(former.heartbeat().block()).as("so that its end can be reported")
                .isInstanceOf(HeartbeatReply.Renewed.class);
    }

    @Test
    void whatHasEndedCantBegin() {
        Lease lease = lease();
        assertThat(lease.begin().block()).isNotNull();
        queue.open = false;

        StepVerifier.create(lease.begin()).expectError(ControlPlaneException.LeaseLost.class)
                .verify(Duration.ofSeconds(60));
    }

    @Test
    void aResultMustBeAnObjectAndHasNoArtifacts() throws InvalidResultException {
        Lease lease = lease();

        assertThat(lease.plan("{\"result\":1}")).isEmpty();
        assertThat(lease.compose("{\"result\":1}", Map.of())).isEqualTo(new Outcome.Complete("{\"result\":1}"));
        for (String bad : List.of("", "[]", "1", "{", "null")) {
            assertThatThrownBy(() -> lease.plan(bad)).as(bad).isInstanceOf(InvalidResultException.class);
        }
        assertThat(lease.sign(List.of()).block()).isEmpty();
    }

    @Test
    void theEndIsStoredOrItWasThereBefore() {
        Lease lease = lease();

        assertThat(lease.settle(new Outcome.Complete("{}")).block()).isEqualTo(new SettleReply.Acknowledged());
        queue.open = false;
        assertThat(lease.settle(new Outcome.Complete("{}")).block()).isInstanceOf(SettleReply.Gone.class);
    }

    @Test
    void aStoreThatFailsIsAskedAgain() {
        Lease lease = lease();
        queue.broken = true;

        for (Mono<?> call : List.of(lease.settle(new Outcome.Complete("{}")), lease.begin(),
                Objects.requireNonNull(lease.feed()).send(List.of(new FeedItem.Skipped(5))))) {
            StepVerifier.create(call).expectErrorSatisfies(e -> assertThat(e)
                    .isInstanceOfSatisfying(ControlPlaneException.Unavailable.class,
                            unavailable -> assertThat(unavailable.mayPass()).isTrue()))
                    .verify(Duration.ofSeconds(60));
        }
    }

    @Test
    void piecesOfAResultGoToTheQueue() {
        ExecutionEvent.Streamed begun = new ExecutionEvent.Streamed.Begun("{}");

        lease().streamed(begun).block();

        assertThat(queue.pieces).containsExactly(begun);
    }

    /** Each subscription sends the very same: numbering and cutting is the call's. */
    @Test
    void aBatchThatIsSentAgainIsTheSame() {
        Mono<Void> send = Objects.requireNonNull(lease().feed()).send(List.of(
                new FeedItem.Output(CommandEvent.Stream.STDERR, "a\nb\nc".getBytes(StandardCharsets.UTF_8)),
                new FeedItem.Skipped(7)));

        send.block();
        send.block();

        assertThat(queue.lines).hasSize(6);
        assertThat(queue.lines.subList(0, 3)).isEqualTo(queue.lines.subList(3, 6));
        assertThat(queue.lines.get(0)).isEqualTo(new LogLine("stderr", "a"));
        assertThat(queue.lines.get(2).stream()).isEqualTo("system");
        assertThat(queue.lines.get(2).text()).startsWith("7 bytes");
    }

    /** A queue with one execution. */
    private static final class OneExecution implements ExecutionQueue {
        private final UUID id = UUID.randomUUID();
        private final List<LogLine> lines = new ArrayList<>();
        private final List<ExecutionEvent.Streamed> pieces = new ArrayList<>();
        private String runner = "";
        private Wish wish = new Wish.GoOn();
        private boolean open = true;
        private boolean broken;

        @Override
        public @Nullable ExecutionOrder take(String by) {
            boolean first = runner.isEmpty();
            runner = by;
            return first ? new ExecutionOrder(id, "{\"kind\":\"job\"}") : null;
        }

        @Override
        public Flux<Integer> arrivals() {
            return Flux.just(1);
        }

        @Override
        public Mono<Boolean> begin(UUID which) {
            return answered(open);
        }

        @Override
        public Wish beat(UUID which) {
            return wish;
        }

        @Override
        public Mono<Void> log(UUID which, List<LogLine> more) {
            return answered(lines).doOnNext(all -> all.addAll(more)).then();
        }

        @Override
        public Mono<Void> streamed(UUID which, ExecutionEvent.Streamed piece) {
            return answered(pieces).doOnNext(all -> all.add(piece)).then();
        }

        @Override
        public Mono<Boolean> settle(UUID which, Outcome outcome, boolean former) {
            return answered(open);
        }

        private <T> Mono<T> answered(T value) {
            return Mono.fromSupplier(() -> {
                if (broken) {
                    throw new IllegalStateException("the disk is full");
                }
                return value;
            });
        }
    }
}
