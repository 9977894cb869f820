package dev.coxswain.supervisor.shard;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.shard.Leases.MemberLease;
import dev.coxswain.supervisor.shard.Leases.ShardLease;
import dev.coxswain.supervisor.shard.Op.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written is read again, and a write over an old version changes nothing. */
class KubernetesLeasesTest {
    @SuppressWarnings("NullAway.Init")
    private static LeaseServer server;

    @BeforeAll
    static void start() {
        server = new LeaseServer();
        System.setProperty("kubernetes.master", server.url());
    }

    @AfterAll
    static void stop() {
        System.clearProperty("kubernetes.master");
        server.close();
    }

    private static KubernetesLeases leases(String fleet, String member) {
        return new KubernetesLeases("fleets", Duration.ofSeconds(20),
                new LeaseForms(fleet, member, 8, Duration.ofSeconds(10), member, () -> Instant.EPOCH));
    }

    private static String version(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Written.class);
        return ((Answer.Written) answer).version();
    }

    private static Leases look(KubernetesLeases leases) {
        return ((Answer.Seen) leases.call(new Op.Look())).leases();
    }

    @Test
    void aMemberIsSeenAsItWroteItself() {
        try (KubernetesLeases leases = leases("members", "one")) {
            String first = version(leases.call(new Op.Renew("one_a", false, Set.of(), null)));
            String second = version(leases.call(new Op.Renew("one_a", true, Set.of("aa", "bb"), first)));

            assertThat(look(leases).members())
                    .containsExactly(new MemberLease("one", "one_a", true, 8, Set.of("aa", "bb"), second));
            assertThat(leases.call(new Op.Renew("one_a", false, Set.of(), first))).isEqualTo(new Answer.Conflict());
            assertThat(leases.call(new Op.Renew("one_b", false, Set.of(), null))).isEqualTo(new Answer.Conflict());
        }
    }

    @Test
    void ofTwoThatTakeOneShardOneGetsIt() {
        try (KubernetesLeases one = leases("shards", "one"); KubernetesLeases two = leases("shards", "two")) {
            String first = version(one.call(new Op.Take(3, "one_a", null)));
            assertThat(two.call(new Op.Take(3, "two_a", null))).isEqualTo(new Answer.Conflict());

            String free = version(one.call(new Op.Release(3, first)));
            assertThat(look(two).shards()).containsExactly(new ShardLease(3, "", free));

            String taken = version(two.call(new Op.Take(3, "two_a", free)));
            assertThat(one.call(new Op.Take(3, "one_a", free))).isEqualTo(new Answer.Conflict());
            assertThat(look(one).shards()).containsExactly(new ShardLease(3, "two_a", taken));
        }
    }

    @Test
    void whatIsWrittenAgainAsItWasGetsANewVersion() {
        try (KubernetesLeases leases = leases("again", "one")) {
            String first = version(leases.call(new Op.Renew("one_a", false, Set.of(), null)));
            String second = version(leases.call(new Op.Renew("one_a", false, Set.of(), first)));

            assertThat(second).isNotEqualTo(first);
        }
    }

    @Test
    void aLeaseIsRemovedOnlyAsItWasSeen() {
        try (KubernetesLeases leases = leases("removed", "one")) {
            String first = version(leases.call(new Op.Renew("one_a", false, Set.of(), null)));
            String second = version(leases.call(new Op.Renew("one_a", false, Set.of(), first)));
            leases.call(new Op.Remove("one", first));
            assertThat(look(leases).members()).hasSize(1);

            leases.call(new Op.Remove("one", second));
            assertThat(look(leases).members()).isEmpty();
        }
    }

    /** The role in the manifests grants these and no more. */
    @Test
    void nothingElseIsAskedOfTheServer() {
        try (KubernetesLeases leases = leases("rights", "one")) {
            String first = version(leases.call(new Op.Renew("one_a", false, Set.of(), null)));
            String second = version(leases.call(new Op.Renew("one_a", true, Set.of(), first)));
            String shard = version(leases.call(new Op.Take(3, "one_a", null)));
            leases.call(new Op.Release(3, version(leases.call(new Op.Take(3, "one_b", shard)))));
            leases.call(new Op.Remove("one", second));
            look(leases);

            assertThat(server.verbs()).containsExactlyInAnyOrder("list", "create", "update", "delete");
        }
    }

    @Test
    void anotherFleetIsNotSeen() {
        try (KubernetesLeases here = leases("here", "one"); KubernetesLeases there = leases("there", "one")) {
            version(here.call(new Op.Renew("one_a", false, Set.of(), null)));

            assertThat(look(there)).isEqualTo(new Leases(List.of(), List.of()));
        }
    }
}
