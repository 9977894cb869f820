package dev.coxswain.supervisor.shard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
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

    @Property(tries = 40)
    void aLeaseThatSomebodyDeletesGivesNothingToTwo(@ForAll long seed) {
        Crowd crowd = new Crowd(seed);
        for (int i = 0; i < 3; i++) {
            crowd.start("s" + i);
        }
        crowd.loseLeases(4);
        crowd.calm(Duration.ofSeconds(90));
        crowd.identities().forEach(identity -> assertThat(crowd.holders(identity))
                .containsExactly(Rendezvous.owner(identity.shard(Crowd.SHARDS), crowd.living())));
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

    @Test
    void whoHasAnotherNumberOfShardsStaysOutAndComesInByItselfWhenTheyAgree() {
        Terms terms = Terms.of(Crowd.LEASE);
        Member member = new Member(terms, "a", 8, () -> "1", 0);
        Uses uses = new Uses(8);
        long now = 0;
        for (int look = 0; look < 5; look++) {
            now = look * terms.renewNanos();
            assertThat(member.next(now, uses)).isInstanceOf(Op.Look.class);
            member.done(new Op.Look(), now, seen(other(16, look)), now);
            assertThat(member.next(now, uses)).isInstanceOf(Op.Wait.class);
            assertThat(member.view().trouble()).contains("sharding.shards is 8 here and 16 at b");
            assertThat(member.view().inTime(now)).isFalse();
            assertThat(member.view().alive()).isEqualTo(1);
        }

        now += terms.renewNanos();
        assertThat(member.next(now, uses)).isInstanceOf(Op.Look.class);
        member.done(new Op.Look(), now, seen(other(8, 5)), now);
        Op renewal = member.next(now, uses);
        assertThat(renewal).isInstanceOf(Op.Renew.class);
        member.done(renewal, now, new Op.Answer.Written("mine"), now);

        assertThat(member.view().trouble()).isNull();
        assertThat(member.view().inTime(now)).isTrue();
        assertThat(member.view().alive()).isEqualTo(2);
    }

    @Test
    void whatKeepsItOutIsLoggedOnceAMinuteAsLongAsItLasts() {
        Logger logger = (Logger) LoggerFactory.getLogger(Trouble.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            Terms terms = Terms.of(Crowd.LEASE);
            Member member = new Member(terms, "a", 8, () -> "1", 0);
            Uses uses = new Uses(8);
            // a look every 3 s, for 2 min and a bit
            for (int look = 0; look <= 41; look++) {
                long now = look * terms.renewNanos();
                member.next(now, uses);
                member.done(new Op.Look(), now, seen(other(16 + look % 2, look)), now);
                member.next(now, uses);
            }
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list).hasSize(3).allSatisfy(
                event -> assertThat(event.getFormattedMessage()).contains("leases nothing",
                        "sharding.shards is 8 here"));
    }

    /** As a Lease of the right name without our labels is: no list shows it, and none can be made beside it. */
    @Test
    void whatIsRefusedAgainAndAgainIsNotTriedWithoutEnd() {
        Terms terms = Terms.of(Crowd.LEASE);
        Member member = new Member(terms, "a", 1, () -> "1", 0);
        Uses uses = new Uses(1);
        List<Leases.MemberLease> mine = new ArrayList<>();
        int takes = 0;
        long now = 0;
        while (now < Duration.ofMinutes(1).toNanos()) {
            Op op = member.next(now, uses);
            switch (op) {
                case Op.Wait(long until) -> now = Math.max(until, now + 1);
                case Op.Look look ->
                    member.done(op, now, new Op.Answer.Seen(new Leases(List.copyOf(mine), List.of())), now);
                case Op.Renew renew -> {
                    String version = "v" + now;
                    mine.clear();
                    mine.add(new Leases.MemberLease("a", renew.holder(), false, 1, renew.keeps(), version));
                    member.done(op, now, new Op.Answer.Written(version), now);
                }
                case Op.Take take -> {
                    takes++;
                    member.done(op, now, new Op.Answer.Conflict(), now);
                }
                case Op.Release release -> throw new AssertionError(op);
                case Op.Remove remove -> throw new AssertionError(op);
                case Op.Done done -> throw new AssertionError(op);
            }
        }

        // a renewal in between each 3 s begins anew
        assertThat(takes).isBetween(60, 200);
        assertThat(member.view().inTime(now)).isTrue();
    }

    @Test
    void whatTheApiServerSaysIsWhyItDoesNotTakePart() {
        Terms terms = Terms.of(Crowd.LEASE);
        Member member = new Member(terms, "a", 8, () -> "1", 0);
        Uses uses = new Uses(8);

        member.done(member.next(0, uses), 0, new Op.Answer.Failed("status 403, leases is forbidden"), 0);
        assertThat(member.view().trouble()).contains("has not joined", "status 403, leases is forbidden");

        long later = terms.pauseNanos();
        member.done(member.next(later, uses), later, new Op.Answer.Seen(new Leases(List.of(), List.of())), later);
        assertThat(member.view().trouble()).doesNotContain("403");
    }

    private static Leases.MemberLease other(int shards, int version) {
        return new Leases.MemberLease("b", "b_1", false, shards, Set.of(), "v" + version);
    }

    private static Op.Answer seen(Leases.MemberLease other) {
        return new Op.Answer.Seen(new Leases(List.of(other), List.of()));
    }
}
