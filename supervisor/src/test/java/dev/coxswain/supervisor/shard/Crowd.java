package dev.coxswain.supervisor.shard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.shard.Op.Answer;

/**
 * Several supervisors in simulated time, each with a clock of its own that is wrong in value and in speed. Calls of the API
 * server are slow, lost before or after they are written, or written long after the caller has given up; supervisors are
 * frozen, killed, started again and drained at random. Every event checks that no identity is used in two places.
 */
final class Crowd {
    static final int SHARDS = 8;
    static final Duration LEASE = Duration.ofSeconds(10);
    private static final long MILLI = 1_000_000;
    private static final Terms TERMS = Terms.of(LEASE);

    private final Random random;
    private final LeaseRoom room = new LeaseRoom(SHARDS);
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Identity> identities = new ArrayList<>();
    final List<Sim> sims = new ArrayList<>();
    private long now;
    private long sequence;
    private boolean calm;
    long requests;

    private record Event(long at, long order, Runnable what) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    Crowd(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 3 * SHARDS; i++) {
            identities.add(Identity.of(new Credential("runner-" + i, new Secret("token " + i))));
        }
    }

    /** One process. */
    final class Sim {
        final String name;
        final Member member;
        final Uses uses = new Uses(SHARDS);
        final Map<Identity, Integer> began = new HashMap<>();
        private final long offset = random.nextLong() >> 2;
        private final double speed = 0.95 + random.nextDouble() / 10;
        int lives;
        int tampered = -1;
        boolean dead;
        long frozenUntil;
        long cutOffUntil;

        Sim(String name) {
            this.name = name;
            this.member = new Member(TERMS, name, SHARDS, () -> Integer.toHexString(random.nextInt()) + lives++,
                    clock());
            sims.add(this);
            at(0, this::step);
            at(random.nextInt(200) * MILLI, this::poll);
        }

        long clock() {
            return offset + (long) (now * speed);
        }

        boolean acts(Identity identity) {
            return !dead && member.view().acts(identity, clock());
        }

        private void awake(Runnable what) {
            if (dead) {
                return;
            }
            if (frozenUntil > now) {
                at(frozenUntil - now, () -> awake(what));
            } else {
                what.run();
            }
        }

        private void step() {
            awake(() -> {
                Op op = member.next(clock(), uses);
                switch (op) {
                    case Op.Done done -> dead = true;
                    case Op.Wait(long until) -> {
                        long wait = (long) ((until - clock()) / speed);
                        at(Math.clamp(wait, MILLI, 200 * MILLI), this::step);
                    }
                    case Op.Look look -> send(op);
                    case Op.Renew renew -> send(op);
                    case Op.Take take -> send(op);
                    case Op.Release release -> send(op);
                    case Op.Remove remove -> send(op);
                }
            });
        }

        private void send(Op op) {
            long sent = clock();
            int fate = calm ? 99 : cutOffUntil > now ? random.nextInt(4) : random.nextInt(100);
            long slow = (calm ? 1 : random.nextInt(60)) * MILLI;
            long back = (calm ? 1 : random.nextInt(60)) * MILLI;
            Answer lost = new Answer.Failed("time-out");
            switch (fate) {
                case 0, 1, 2 -> answer(op, sent, lost, TERMS.opNanos());
                case 3 -> {
                    at(random.nextInt(30_000) * MILLI, () -> room.apply(name, op));
                    answer(op, sent, lost, TERMS.opNanos());
                }
                case 4 -> {
                    at(slow, () -> room.apply(name, op));
                    answer(op, sent, lost, TERMS.opNanos());
                }
                default -> at(slow, () -> answer(op, sent, room.apply(name, op), back));
            }
        }

        private void answer(Op op, long sent, Answer answer, long later) {
            at(later, () -> awake(() -> {
                member.done(op, sent, answer, clock());
                step();
            }));
        }

        private void poll() {
            awake(() -> {
                Identity identity = identities.get(random.nextInt(identities.size()));
                if (uses.request(identity, who -> member.view().acts(who, clock()))) {
                    requests++;
                    alone(this, identity);
                    if (tampered != lives) {
                        began.put(identity, lives);
                    }
                    boolean job = random.nextInt(3) == 0;
                    at(random.nextInt(2_000) * MILLI, () -> awake(() -> {
                        if (job) {
                            uses.granted(identity);
                            at(random.nextInt(25_000) * MILLI, () -> awake(() -> uses.ended(identity)));
                        } else {
                            uses.inVain(identity);
                        }
                    }));
                }
                at((50 + random.nextInt(200)) * MILLI, this::poll);
            });
        }

        /** Whether something of this identity is under way that began in the life that is now. */
        private boolean uses(Identity identity) {
            return !dead && uses.hasJob(identity) && began.getOrDefault(identity, -1) == lives
                    && member.view().inTime(clock());
        }

        void tamper() {
            tampered = lives;
            began.clear();
        }

        void kill() {
            dead = true;
        }

        void freeze(long millis) {
            frozenUntil = now + millis * MILLI;
        }

        void cutOff(long millis) {
            cutOffUntil = now + millis * MILLI;
        }
    }

    Sim start(String name) {
        return new Sim(name);
    }

    /** What happens to supervisors, for so long. */
    void live(Duration howLong, int kinds) {
        long end = now + howLong.toNanos();
        while (now < end) {
            run(Duration.ofMillis(200 + random.nextInt(8_000)));
            List<Sim> living = sims.stream().filter(sim -> !sim.dead).toList();
            if (living.isEmpty()) {
                start("s" + random.nextInt(4));
                continue;
            }
            Sim one = living.get(random.nextInt(living.size()));
            switch (random.nextInt(kinds)) {
                case 0 -> one.freeze(random.nextInt(30_000));
                case 1 -> one.cutOff(random.nextInt(25_000));
                case 2 -> one.kill();
                case 3, 4 -> {
                    if (living.size() < 5) {
                        start("s" + random.nextInt(6));
                    }
                }
                case 5 -> one.member.leave();
                case 6 -> {
                    room.deleteMember(one.name);
                    // with its Lease goes what it said that it keeps
                    sims.stream().filter(sim -> sim.name.equals(one.name)).forEach(Sim::tamper);
                }
                default -> living.forEach(each -> each.cutOff(random.nextInt(15_000)));
            }
        }
    }

    /** Somebody deletes Leases now and then, of shards alone or all there are; nobody comes or dies. */
    void loseLeases(int times) {
        for (int time = 0; time < times; time++) {
            // until everybody has seen what was made anew
            run(Duration.ofMillis(60_000 + random.nextInt(10_000)));
            Sim one = sims.get(random.nextInt(sims.size()));
            if (random.nextBoolean()) {
                one.freeze(random.nextInt(15_000));
            } else {
                one.cutOff(random.nextInt(15_000));
            }
            run(Duration.ofMillis(random.nextInt(15_000)));
            room.deleteShards();
            if (random.nextBoolean()) {
                sims.forEach(each -> {
                    room.deleteMember(each.name);
                    each.tamper();
                });
            }
        }
    }

    /** Nothing goes wrong any more, for so long. */
    void calm(Duration howLong) {
        calm = true;
        run(howLong);
    }

    private void run(Duration howLong) {
        long end = now + howLong.toNanos();
        while (!events.isEmpty() && events.peek().at() <= end) {
            Event event = events.poll();
            now = event.at();
            event.what().run();
            sims.removeIf(sim -> sim.dead);
            identities.forEach(this::heldOnce);
        }
        now = end;
    }

    private void heldOnce(Identity identity) {
        int holders = 0;
        for (Sim sim : sims) {
            holders += sim.acts(identity) ? 1 : 0;
        }
        if (holders > 1) {
            throw new AssertionError("after " + now / MILLI + " ms held by " + holders(identity));
        }
    }

    private void alone(Sim who, Identity identity) {
        for (Sim other : sims) {
            if (other != who && other.uses(identity)) {
                throw new AssertionError("after " + now / MILLI + " ms " + who.name + " asks with an identity that "
                        + other.name + " has a job of");
            }
        }
    }

    List<String> holders(Identity identity) {
        return sims.stream().filter(sim -> sim.acts(identity)).map(sim -> sim.name).toList();
    }

    List<Identity> identities() {
        return identities;
    }

    Set<String> living() {
        Set<String> names = new TreeSet<>();
        sims.stream().filter(sim -> !sim.dead).forEach(sim -> names.add(sim.name));
        return names;
    }

    private void at(long later, Runnable what) {
        events.add(new Event(now + later, sequence++, what));
    }
}
