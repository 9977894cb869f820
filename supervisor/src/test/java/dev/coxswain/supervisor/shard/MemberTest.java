package dev.coxswain.supervisor.shard;

import java.time.Duration;
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

    private static Leases.MemberLease other(int shards, int version) {
        return new Leases.MemberLease("b", "b_1", false, shards, Set.of(), "v" + version);
    }

    private static Op.Answer seen(Leases.MemberLease other) {
        return new Op.Answer.Seen(new Leases(List.of(other), List.of()));
    }
}
