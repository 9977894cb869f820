package dev.coxswain.supervisor.shard;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.fleet.Ownership;
import dev.coxswain.supervisor.metrics.FleetMeters;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.shard.Op.Answer;
import io.micrometer.core.instrument.Counter;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The runners of a supervisor that shares them with others through Leases (ADR 0010): carries out what {@link Member} says,
 * one call after another, and tells the fleet what follows from it.
 */
public final class LeasedOwnership implements Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(LeasedOwnership.class);
    /** One call at a time, and one that hangs. */
    private static final int CALLERS = 2;
    private static final int MOST_WAITING = 4;
    /** How often it looks whether something has changed that is not told: a drain, a job that has ended. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);
    private static final Duration LAST_WORDS = Duration.ofSeconds(4);

    private static final String LATE = "the Lease of this supervisor was not renewed in time";

    private final Member member;
    private final String fleet;
    private final String name;
    private final Uses uses;
    private final LeaseStore store;
    private final FleetClock clock;
    private final Duration patience;
    /** There is nothing to lose yet, and a client's first call takes long. */
    private final Duration joinPatience;
    private final Identities identities = new Identities();
    private final Scheduler steps = Schedulers.newSingle("cox-shard", true);
    private final Scheduler calls = Schedulers.newBoundedElastic(CALLERS, MOST_WAITING, "cox-shard-calls", 60, true);
    private final Sinks.Many<Boolean> changes = Sinks.many().multicast().directBestEffort();
    private final Sinks.Empty<Void> over = Sinks.empty();
    private final Disposable.Swap running = Disposables.swap();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final AtomicBoolean refusedLate = new AtomicBoolean();
    private final Meters.Family<Counter> renewals;
    private volatile boolean draining;
    private volatile boolean finishing;
    private boolean failing;
    private View told;

    /** Opens the client of the API server; nothing is sent before {@link #join()}. */
    public static LeasedOwnership open(ShardingConfig.Kubernetes config, Supplier<String> lives, FleetClock clock,
            Meters meters) {
        Terms terms = Terms.of(config.leaseDuration());
        KubernetesLeases leases = new KubernetesLeases(config.namespace(), Duration.ofNanos(terms.actNanos()),
                new LeaseForms(config.fleet(), config.member(), config.shards(), config.leaseDuration(), lives.get(),
                        clock::now));
        LOG.info("shares runners with the supervisors of fleet {}: member={} shards={} leases in {}", config.fleet(),
                config.member(), config.shards(), leases.where());
        return new LeasedOwnership(terms, config.fleet(), config.member(), config.shards(), lives, leases, clock,
                meters);
    }

    LeasedOwnership(Terms terms, String fleet, String name, int shards, Supplier<String> lives, LeaseStore store,
            FleetClock clock, Meters meters) {
        this.fleet = fleet;
        this.name = name;
        this.member = new Member(terms, name, shards, lives, clock.nanos());
        this.uses = new Uses(shards);
        this.store = store;
        this.clock = clock;
        this.patience = Duration.ofNanos(terms.opNanos());
        this.joinPatience = Duration.ofNanos(terms.actNanos());
        this.renewals = meters.counters(FleetMeters.SHARD_RENEWALS);
        this.told = member.view();
    }

    @Override
    public Mono<Void> join() {
        return Mono.fromRunnable(() -> {
            if (begun.compareAndSet(false, true)) {
                running.update(Mono.defer(this::step).repeat().takeUntil(done -> done).subscribeOn(steps)
                        .subscribe(done -> {}, this::broke, over::tryEmitEmpty));
            }
        });
    }

    /** The rules themselves failed: nothing is renewed any more, so what is held lapses. */
    private void broke(Throwable failure) {
        LOG.error("no longer takes part with the other supervisors; leases nothing until a restart", failure);
        over.tryEmitEmpty();
    }

    /** Emits whether it was the last one. */
    private Mono<Boolean> step() {
        if (finishing) {
            member.finish();
        } else if (draining) {
            member.leave();
        }
        long now = clock.nanos();
        Op op = member.next(now, uses);
        tellChanges();
        return switch (op) {
            case Op.Done done -> Mono.just(true);
            case Op.Wait(long until) -> Mono.delay(shorter(Duration.ofNanos(Math.max(0, until - now))), steps)
                    .thenReturn(false);
            case Op.Look look -> call(op);
            case Op.Renew renew -> call(op);
            case Op.Take take -> call(op);
            case Op.Release release -> call(op);
            case Op.Remove remove -> call(op);
        };
    }

    private static Duration shorter(Duration wait) {
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private Mono<Boolean> call(Op op) {
        return Mono.defer(() -> {
            long sentNanos = clock.nanos();
            return Mono.fromCallable(() -> answer(op)).subscribeOn(calls)
                    .timeout(member.view().joined() ? patience : joinPatience, steps)
                    .onErrorResume(failure -> Mono.just(new Answer.Failed(text(failure))))
                    .publishOn(steps).map(answer -> {
                        count(op, answer);
                        member.done(op, sentNanos, answer, clock.nanos());
                        tellChanges();
                        return false;
                    });
        });
    }

    /** Fails in its answer only: nobody may wait for it any more, and an error would be nobody's. */
    private Answer answer(Op op) {
        try {
            return store.call(op);
        } catch (RuntimeException e) {
            LOG.debug("call of the API server failed", e);
            return new Answer.Failed(text(e));
        }
    }

    private static String text(Throwable failure) {
        return failure instanceof TimeoutException ? "no answer in time" : String.valueOf(failure.getMessage());
    }

    private void count(Op op, Answer answer) {
        boolean failed = answer instanceof Answer.Failed;
        if (op instanceof Op.Renew) {
            renewals.of(failed ? "failed" : answer instanceof Answer.Conflict ? "conflict" : "renewed").increment();
        }
        if (failed != failing) {
            failing = failed;
            if (answer instanceof Answer.Failed(String reason)) {
                LOG.warn("the API server that the supervisors meet at does not answer, or refuses; what is held is kept"
                        + " until the Lease runs out: {}", reason);
            } else {
                LOG.info("the API server that the supervisors meet at answers again");
            }
        }
    }

    private void tellChanges() {
        View view = member.view();
        boolean changed = view.joined() != told.joined() || !view.tenures().equals(told.tenures())
                || !view.kept().equals(told.kept());
        if (changed && !view.tenures().equals(told.tenures())) {
            LOG.info("shards of {} here: {}, handing over: {}", view.tenures().size(), view.count(Tenure.ACTING),
                    view.count(Tenure.HANDING_OVER) + view.count(Tenure.UNSURE));
        }
        told = view;
        if (changed || (view.inTime(clock.nanos()) && refusedLate.compareAndSet(true, false))) {
            changes.tryEmitNext(true);
        }
    }

    @Override
    public Hold of(Runner runner) {
        Identity identity = identities.of(runner);
        if (acts(identity)) {
            return Hold.HELD;
        }
        View view = member.view();
        return view.inTime(clock.nanos()) ? switch (view.tenure(identity)) {
            // another one still has a job of it
            case ACTING, TAKEN, ELSEWHERE -> Hold.ELSEWHERE;
            case HANDING_OVER, UNSURE -> Hold.HANDING_OVER;
        } : Hold.ELSEWHERE;
    }

    @Override
    public @Nullable String whyNot(Runner runner) {
        Identity identity = identities.of(runner);
        View view = member.view();
        if (view.acts(identity, clock.nanos())) {
            return null;
        }
        if (!view.inTime(clock.nanos())) {
            return view.trouble() != null ? view.trouble() : LATE;
        }
        String owner = view.owners().get(identity.shard(view.owners().size()));
        String name = owner == null ? "another supervisor" : owner;
        return switch (view.tenure(identity)) {
            case ACTING -> "another supervisor still runs a job of it";
            case TAKEN -> "comes from another supervisor";
            case HANDING_OVER, UNSURE -> "handing over to " + name;
            case ELSEWHERE -> "held by " + name;
        };
    }

    @Override
    public boolean request(Runner runner) {
        return uses.request(identities.of(runner), this::acts);
    }

    @Override
    public void inVain(Runner runner) {
        uses.inVain(identities.of(runner));
    }

    @Override
    public void granted(Runner runner) {
        uses.granted(identities.of(runner));
    }

    @Override
    public void ended(Runner runner) {
        uses.ended(identities.of(runner));
    }

    @Override
    public boolean mayPresent(Runner runner) {
        Identity identity = identities.of(runner);
        View view = member.view();
        return view.inTime(clock.nanos()) && (view.acts(identity, clock.nanos())
                || view.tenure(identity) == Tenure.HANDING_OVER || uses.hasJob(identity));
    }

    /** Remembers that it said no only because of the time: if a renewal comes after all, somebody waits for the news. */
    private boolean acts(Identity identity) {
        View view = member.view();
        long now = clock.nanos();
        if (view.tenure(identity) == Tenure.ACTING && !view.inTime(now)) {
            refusedLate.set(true);
        }
        return view.acts(identity, now);
    }

    @Override
    public Flux<Boolean> changes() {
        return changes.asFlux();
    }

    @Override
    public boolean ready() {
        return member.view().inTime(clock.nanos());
    }

    @Override
    public Sharing sharing() {
        View view = member.view();
        boolean inTime = view.inTime(clock.nanos());
        return new Sharing("kubernetes", fleet, name, view.alive(), view.tenures().size(),
                inTime ? (int) view.count(Tenure.ACTING) : 0,
                inTime ? null : view.trouble() != null ? view.trouble() : LATE);
    }

    @Override
    public void drain() {
        draining = true;
    }

    @Override
    public Mono<Void> leave() {
        return Mono.defer(() -> {
            finishing = true;
            return begun.get() ? over.asMono().timeout(LAST_WORDS).onErrorComplete() : Mono.empty();
        }).publishOn(Schedulers.boundedElastic()).then(Mono.fromRunnable(() -> {
            running.dispose();
            calls.dispose();
            steps.dispose();
            store.close();
        }));
    }
}
