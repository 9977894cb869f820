package dev.coxswain.supervisor.controlplane.shithub;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Job;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.LeaseTerm;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.wire.Wire;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import reactor.core.Disposable;
import reactor.core.publisher.Sinks;
import reactor.netty.http.client.HttpClient;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever asks, goes and is answered in whatever order: each job that came is somebody's, once. */
class ClaimLoopJobsTest {
    private static final int SLOTS = 3;

    /** One world, played by a list of numbers. */
    private static final class World {
        final FleetClock clock = FleetClock.of(VirtualTimeScheduler.create());
        final Calls calls = calls();
        final Set<Lease> granted = new HashSet<>();
        final List<Lease> taken = new ArrayList<>();
        final List<Disposable> askers = new ArrayList<>();
        final List<Disposable> keepers = new ArrayList<>();
        Sinks.@Nullable One<LeaseReply> out;
        final ClaimLoop loop = new ClaimLoop(() -> SLOTS, (claiming, capacity, active) -> {
            assertThat(out).as("one heartbeat at a time").isNull();
            assertThat(active).hasSameSizeAs(granted);
            assertThat(capacity).isBetween(Math.max(1, active.size()), Math.max(SLOTS, active.size()));
            assertThat(claiming || capacity == active.size()).as("nothing is claimed for nobody").isTrue();
            Sinks.One<LeaseReply> answer = Sinks.one();
            out = answer;
            return answer.asMono();
        });
        int asked;
        int answered;
        int gone;

        private Calls calls() {
            JsonMapper mapper = JsonMapper.builder().build();
            Wire unused = new Wire(new JsonCalls(HttpClient.create(), URI.create("http://127.0.0.1:9"), "actions",
                    Set.of(), new Meters(new SimpleMeterRegistry()), clock::nanos, 1_000), mapper, clock);
            return new Calls(unused, unused, new Fates(unused, clock), mapper, clock);
        }

        private ShithubLease job() {
            long id = granted.size() + 1L;
            ShithubLease lease = new ShithubLease(calls, new Job("k" + id, "" + id, "{}"), new ClaimedJob(id,
                    new Secret("t"), new LeaseTerm(clock.nanos(), JobTerms.USUAL, true), calls.object(), List.of(),
                    List.of(), null));
            granted.add(lease);
            return lease;
        }

        void play(int move) {
            Sinks.One<LeaseReply> request = out;
            switch (move) {
                case 0, 1 -> {
                    asked++;
                    askers.add(loop.lease().subscribe(reply -> {
                        answered++;
                        if (reply instanceof LeaseReply.Granted(var lease, var rate)) {
                            taken.add(lease);
                        }
                    }, failure -> answered++));
                }
                case 2 -> askers.stream().filter(asker -> !asker.isDisposed()).findFirst().ifPresent(asker -> {
                    gone++;
                    asker.dispose();
                });
                case 3 -> keepers.add(loop.keep().subscribe(done -> {}, failure -> {}));
                default -> {
                    if (request != null) {
                        out = null;
                        switch (move) {
                            case 4, 5 -> request.tryEmitValue(new LeaseReply.Granted(job()));
                            case 6 -> request.tryEmitValue(new LeaseReply.NoJob(null));
                            default -> request.tryEmitError(new ControlPlaneException.Unavailable("down", null, null));
                        }
                    }
                }
            }
        }
    }

    @Property(tries = 200)
    void noJobIsLostAndNoneIsTakenTwice(@ForAll @Size(max = 60) List<@IntRange(max = 7) Integer> moves) {
        World world = new World();
        moves.forEach(world::play);
        while (world.out != null) {
            world.play(6);
        }

        assertThat(world.keepers).as("a keeper who was not answered").allMatch(Disposable::isDisposed);
        assertThat(world.answered + world.gone).as("an answer for everybody").isEqualTo(world.asked);
        List<Lease> all = new ArrayList<>(world.taken);
        all.addAll(world.loop.spares().all());
        assertThat(all).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(world.granted);
    }
}
