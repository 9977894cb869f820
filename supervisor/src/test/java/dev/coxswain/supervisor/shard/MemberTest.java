package dev.coxswain.supervisor.shard;

import java.time.Duration;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import static org.assertj.core.api.Assertions.assertThat;

/** Several supervisors that share identities through Leases. Whoever breaks the one rule fails in {@link Crowd}. */
class MemberTest {
    @Property(tries = 200)
    void noIdentityIsEverHeldTwiceWhateverGoesWrong(@ForAll long seed) {
        Crowd crowd = new Crowd(seed);
        for (int i = 0; i < 3; i++) {
            crowd.start("s" + i);
        }
        crowd.live(Duration.ofMinutes(4), 8);
        assertThat(crowd.requests).isPositive();
    }

    @Property(tries = 100)
    void inTheEndEverybodyHasWhatTheHashSays(@ForAll long seed) {
        Crowd crowd = new Crowd(seed);
        for (int i = 0; i < 3; i++) {
            crowd.start("s" + i);
        }
        crowd.live(Duration.ofMinutes(1), 5);
        crowd.start("last");
        crowd.calm(Duration.ofSeconds(90));
        crowd.identities().forEach(identity -> {
            String owner = Rendezvous.owner(identity.shard(Crowd.SHARDS), crowd.living());
            assertThat(crowd.sims).filteredOn(sim -> !sim.dead && sim.member.view().tenure(identity) == Tenure.ACTING)
                    .extracting(sim -> sim.name).containsExactly(owner);
        });
    }
}
