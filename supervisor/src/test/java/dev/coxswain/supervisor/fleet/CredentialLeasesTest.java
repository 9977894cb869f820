package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.LeaseReply;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.SettleReply;
import dev.coxswain.supervisor.fleet.CredentialLeases.Claim;
import dev.coxswain.supervisor.testing.ScriptedLease;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Two pools of two control planes with the same credentials: one lease for each, and both kinds of jobs get their turn. */
class CredentialLeasesTest {
    private static final Secret TOKEN = new Secret("shared");

    /** How often each kind of job was done with each credential, and what is open with it now. */
    private static final class Uses {
        final Map<String, Integer> open = new HashMap<>();
        final Map<String, List<String>> done = new HashMap<>();
        int most;

        void begin(String credential) {
            most = Math.max(most, open.merge(credential, 1, Integer::sum));
        }

        void end(String credential) {
            open.merge(credential, -1, Integer::sum);
        }

        long done(String credential, String kind) {
            return done.getOrDefault(credential, List.of()).stream().filter(kind::equals).count();
        }
    }

    /** Of one try; a property keeps its instance. */
    private Uses uses = new Uses();

    /** Answers with whatever this gives, after some time; the credential is used from the request to the settled end. */
    private void play(FleetBench bench, ScriptedPlane plane, Random chance, Supplier<String> next) {
        plane.answer = runner -> Mono.defer(() -> {
            String credential = runner.substring(runner.indexOf('-') + 1);
            uses.begin(credential);
            return Mono.delay(Duration.ofMillis(1 + chance.nextInt(200)), bench.time)
                    .flatMap(late -> reply(plane, credential, next.get()));
        });
    }

    private Mono<LeaseReply> reply(ScriptedPlane plane, String credential, String answer) {
        if (answer.equals("none") || answer.equals("down")) {
            uses.end(credential);
            return answer.equals("none")
                    ? ScriptedPlane.noJob()
                    : Mono.error(new ControlPlaneException.Unavailable("503", null, null));
        }
        LeaseReply granted = plane.job(answer);
        ScriptedLease lease = plane.granted.getLast();
        lease.settle = outcome -> {
            uses.end(credential);
            uses.done.computeIfAbsent(credential, first -> new ArrayList<>()).add(plane.name());
            return Mono.just(new SettleReply.Acknowledged());
        };
        return Mono.just(granted);
    }

    private FleetBench bench(long seed) {
        uses = new Uses();
        FleetBench bench = new FleetBench(seed);
        bench.sharedCredentials = true;
        return bench;
    }

    @Property(tries = 6)
    void oneCredentialNeverHoldsTwoLeasesAndBothKindsOfJobsAreDone(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int credentials, @ForAll @IntRange(min = 1, max = 9) int slots) {
        Random chance = new Random(seed);
        FleetBench bench = bench(seed);
        ScriptedPlane shorts = bench.plane("shorts");
        ScriptedPlane studio = bench.plane("studio");
        String[] answers = {"none", "down", "ok 1", "ok 3000", "ok 40000", "fail 10", "fail 9000"};
        for (ScriptedPlane plane : List.of(shorts, studio)) {
            play(bench, plane, chance, () -> answers[chance.nextInt(answers.length)]);
        }
        bench.pool("a", shorts, credentials).pool("b", studio, credentials).start(slots);

        bench.pass(Duration.ofMinutes(20));

        assertThat(uses.most).isEqualTo(1);
        for (int i = 1; i <= credentials; i++) {
            assertThat(uses.done("" + i, "shorts")).as("shorts by %s", i).isGreaterThan(2);
            assertThat(uses.done("" + i, "studio")).as("studio by %s", i).isGreaterThan(2);
        }
    }

    @Property(tries = 6)
    void withWorkAtBothTheyTakeTurns(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60_000) int lengthMillis) {
        Random chance = new Random(seed);
        FleetBench bench = bench(seed);
        for (String name : List.of("shorts", "studio")) {
            ScriptedPlane plane = bench.plane(name);
            play(bench, plane, chance, () -> "ok " + (1 + chance.nextInt(lengthMillis)));
            bench.pool(name, plane, 1);
        }
        bench.start(4);

        // of short jobs there are enough in less time
        bench.pass(Duration.ofMinutes(lengthMillis < 5_000 ? 3 : 20));

        List<String> order = uses.done.getOrDefault("1", List.of());
        assertThat(uses.most).isEqualTo(1);
        assertThat(order).hasSizeGreaterThan(15);
        // who comes first may come once more, before the other one has asked at all
        for (int i = 4; i < order.size(); i++) {
            assertThat(order.get(i)).as("%s in %s", i, order).isNotEqualTo(order.get(i - 1));
        }
    }

    @Test
    void anOutageOfOneControlPlaneCostsTheOtherLittle() {
        Random chance = new Random(7);
        FleetBench bench = bench(7);
        ScriptedPlane shorts = bench.plane("shorts");
        ScriptedPlane studio = bench.plane("studio");
        play(bench, shorts, chance, () -> "down");
        play(bench, studio, chance, () -> "ok 5000");
        bench.pool("a", shorts, 1).pool("b", studio, 1).start(4);

        bench.pass(Duration.ofMinutes(10));

        // 115 with the credential to itself
        assertThat(uses.done("1", "studio")).isGreaterThan(95);
        assertThat(uses.most).isEqualTo(1);
    }

    @Test
    void aPoolWithoutASlotLosesItsTurnAndGetsItBackLater() {
        CredentialLeases leases = new CredentialLeases();
        List<String> told = new ArrayList<>();
        Object one = new Object();
        Object other = new Object();
        long turn = CredentialLeases.TURN.toNanos();

        assertThat(leases.claim(TOKEN, one, 1, 0, () -> told.add("one"))).isInstanceOf(Claim.Taken.class);
        assertThat(leases.claim(TOKEN, other, 1, 1, () -> told.add("other"))).isInstanceOf(Claim.Busy.class);
        leases.release(TOKEN, 10);

        assertThat(told).containsExactly("other");
        assertThat(leases.claim(TOKEN, one, 1, 11, () -> told.add("one"))).isEqualTo(new Claim.NotYet(10 + turn));
        assertThat(leases.claim(TOKEN, one, 1, 10 + turn, () -> told.add("one"))).isInstanceOf(Claim.Taken.class);
        assertThat(leases.claim(TOKEN, other, 1, 11 + turn, () -> told.add("other"))).isInstanceOf(Claim.Busy.class);
        leases.release(TOKEN, 20 + turn);
        assertThat(leases.claim(TOKEN, other, 1, 21 + turn, () -> told.add("other"))).isInstanceOf(Claim.Taken.class);
        leases.release(TOKEN, 22 + turn);
        assertThat(leases.size()).isZero();
    }

    @Test
    void aLeaseOfAFormerLifeCountsToo() {
        CredentialLeases leases = new CredentialLeases();
        leases.occupy(TOKEN);

        assertThat(leases.claim(TOKEN, this, 1, 0, () -> {})).isInstanceOf(Claim.Busy.class);
    }
}
