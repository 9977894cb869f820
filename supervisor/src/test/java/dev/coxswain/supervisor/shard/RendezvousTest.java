package dev.coxswain.supervisor.shard;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

import static org.assertj.core.api.Assertions.assertThat;

/** Who has what, as everybody computes it. */
class RendezvousTest {
    private static final int SHARDS = 64;

    @Property(tries = 100)
    void whenOneGoesOnlyItsShardsMove(
            @ForAll @Size(min = 2, max = 9) Set<@AlphaChars @StringLength(min = 1, max = 12) String> members,
            @ForAll @IntRange(max = 8) int which) {
        String gone = List.copyOf(new TreeSet<>(members)).get(which % members.size());
        Set<String> left = new TreeSet<>(members);
        left.remove(gone);
        for (int shard = 0; shard < SHARDS; shard++) {
            String before = Rendezvous.owner(shard, members);
            String after = Rendezvous.owner(shard, left);
            assertThat(members).contains(before);
            if (!gone.equals(before)) {
                assertThat(after).isEqualTo(before);
            }
        }
    }

    @Property(tries = 100)
    void theOrderOfMembersDoesNotMatter(
            @ForAll @Size(min = 1, max = 9) Set<@AlphaChars @StringLength(min = 1, max = 12) String> members,
            @ForAll @IntRange(max = SHARDS - 1) int shard) {
        assertThat(Rendezvous.owner(shard, List.copyOf(members)))
                .isEqualTo(Rendezvous.owner(shard, List.copyOf(new TreeSet<>(members).descendingSet())));
    }

    @Property(tries = 100)
    void oneMoreIndexTakesFromOthersAndMovesNothingElse(@ForAll long hash,
            @ForAll @IntRange(min = 1, max = 50) int count) {
        int before = Rendezvous.index(hash, count);
        assertThat(before).isBetween(0, count - 1);
        assertThat(Rendezvous.index(hash, count + 1)).isIn(before, count);
    }

    @Test
    void partsAreAboutEven() {
        int[] byIndex = new int[3];
        int[] byShard = new int[SHARDS];
        IntStream.range(0, 12_000).forEach(i -> {
            Identity identity = Identity.of(new Credential("r" + i, new Secret("token " + i)));
            byIndex[Rendezvous.index(identity.hash(), byIndex.length)]++;
            byShard[identity.shard(SHARDS)]++;
        });
        assertThat(IntStream.of(byIndex)).allMatch(count -> count > 3_700 && count < 4_300);
        assertThat(IntStream.of(byShard)).allMatch(count -> count > 120 && count < 260);
    }

    @Test
    void aCredentialIsTheSameInTwoPoolsAndAnIdOutlivesItsToken() {
        assertThat(Identity.of(new Credential("one-ab", new Secret("token"))))
                .isEqualTo(Identity.of(new Credential("two-ab", new Secret("token"))))
                .isNotEqualTo(Identity.of(new Credential("one-ab", new Secret("another"))));
        assertThat(Identity.of(new Credential("one-ab", new Secret("token"), "id-7")))
                .isEqualTo(Identity.of(new Credential("one-ab", new Secret("rotated"), "id-7")));
    }
}
