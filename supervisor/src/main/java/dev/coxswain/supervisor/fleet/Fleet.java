package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.Presence;
import dev.coxswain.supervisor.journal.Journal;
import dev.coxswain.supervisor.logs.JobLog;
import dev.coxswain.supervisor.runner.JobEnd;
import dev.coxswain.supervisor.runner.JobProgress;
import dev.coxswain.supervisor.runner.JobRun;
import dev.coxswain.supervisor.runner.Runner;
import dev.coxswain.supervisor.runner.RunnerState;
import dev.coxswain.supervisor.runner.Slots;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * All runners of this supervisor: starts them, runs what their polls bring, ends what a former life left, and drains. The
 * owner of every job's subscription.
 */
public final class Fleet implements FleetControl, PollScheduler.JobStarter {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    /** How long cancelled jobs may take to die and be reported: TERM, 10 s, KILL, report. */
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);

    private final Members members;
    private final Journal journal;
    private final FleetClock clock;
    private final Scheduler scheduler;
    private final JobBoard board = new JobBoard();
    private final Pauses pauses = new Pauses();
    private final Ownership ownership;
    private final FleetViews views;
    private final FleetEvents events;
    private final Presences presences;
    private final Arrivals arrivals;
    private final OpenWork open = new OpenWork();
    private final Subscriptions subscriptions = new Subscriptions();
    private final Sinks.Empty<Void> drainAsked = Sinks.empty();
    private final CancelledJobs cancelled = new CancelledJobs(board);
    private volatile FleetState state = FleetState.STARTING;
    private volatile Supplier<Mono<Reloaded>> reloads = () -> Mono
            .just(new Reloaded(false, List.of(), List.of(), List.of("this fleet was not made from a file")));

    /**
     * Puts the fleet together; nothing is sent before {@link #start()}.
     *
     * @param scheduler where polls are timed
     * @param random uniform in [0, 1), for jitter
     */
    public Fleet(FleetPlan plan, Slots slots, Journal journal, FleetClock clock, Scheduler scheduler,
            DoubleSupplier random) {
        this(plan, slots, journal, clock, scheduler, random, Ownership.EVERYTHING);
    }

    /**
     * Puts a fleet together that is one of several.
     *
     * @param ownership which of the plan's runners lease here; its owner ends it
     */
    public Fleet(FleetPlan plan, Slots slots, Journal journal, FleetClock clock, Scheduler scheduler,
            DoubleSupplier random, Ownership ownership) {
        this.ownership = ownership;
        this.journal = journal;
        this.clock = clock;
        this.scheduler = scheduler;
        CredentialLeases credentials = new CredentialLeases();
        this.members = new Members(plan, (config, sharing) -> new PollScheduler(config, slots, clock, scheduler,
                random, sharing, this::isHeldBack, credentials, this), credentials, clock);
        this.views = new FleetViews(members, slots, board, pauses, ownership);
        this.events = new FleetEvents(clock, scheduler);
        this.arrivals = new Arrivals(members::plan, this::arrived);
        this.presences = new Presences(members::plan, this::presence, ownership::mayPresent, clock, scheduler);
    }

    /**
     * Reads the journal, starts to end what a former life left, and lets every other runner poll. Completes when the
     * runners are in; fails with a journal's exception only.
     */
    public Mono<Void> start() {
        return journal.open().doOnNext(this::begin).then();
    }

    private void begin(List<Journal.OpenLease> leftOvers) {
        subscriptions.own(ownership.changes(), changed -> members.heldChanged(),
                failure -> LOG.error("it is no longer heard of which runners lease here", failure));
        new FormerLeases(members, board, open, journal, clock, ownership, subscriptions).end(leftOvers);
        moveTo(FleetState.RUNNING);
        presences.look();
        arrivals.look();
    }

    private void arrived(String controlPlane, int jobs) {
        PollScheduler polls = members.scheduler(controlPlane);
        if (polls != null) {
            polls.arrived(jobs);
        }
    }

    private Presence presence(Runner runner) {
        if (state.compareTo(FleetState.DRAINING) >= 0) {
            return Presence.DRAINING;
        }
        return runner.job() != null ? Presence.BUSY : isHeldBack(runner) ? Presence.DRAINING : Presence.IDLE;
    }

    private boolean isHeldBack(Runner runner) {
        return pauses.covers(runner) || ownership.of(runner) != Ownership.Hold.HELD;
    }

    @Override
    public PollScheduler.Leave polling(Runner runner) {
        if (!open.enter()) {
            return PollScheduler.Leave.NONE;
        }
        // asked at the last moment: a process that was frozen must not ask for what others have by now
        if (ownership.request(runner)) {
            return PollScheduler.Leave.YES;
        }
        open.exit();
        return PollScheduler.Leave.NOT_THIS_ONE;
    }

    @Override
    public void polledInVain(Runner runner) {
        ownership.inVain(runner);
        open.exit();
    }

    @Override
    public void tell(String type, String controlPlane, @Nullable Runner runner, String message) {
        emit(type, controlPlane, runner == null ? null : runner.services().pool(),
                runner == null ? null : runner.name(), null, message);
    }

    @Override
    public void start(Runner runner, JobRun run, Consumer<JobEnd> ended) {
        ownership.granted(runner);
        board.started(run);
        tellOf(run, "job_leased", "leased " + run.progress().jobId());
        cancelled.begun(run);
        subscriptions.own(run.run().doFinally(signal -> {
            board.ended(run);
            ownership.ended(runner);
            open.exit();
        }).flux(), end -> {
            // before anybody may poll with this runner again
            runner.jobEnded(run);
            tellOf(run, "job_ended",
                    end.result().label() + (end.message().isEmpty() ? "" : ": " + end.message()));
            ended.accept(end);
        }, failure -> LOG.error("a job ended in an unexpected way: job={}", run.progress().key(), failure));
    }

    /** Says who carries reloads out; before the first one. */
    public void reloadsWith(Supplier<Mono<Reloaded>> reload) {
        reloads = reload;
    }

    /**
     * Takes over another plan: its runners must be new; those that were there before stay, with their jobs, and use what
     * is new from their next lease request on. Runners that are gone end their jobs and lease no more.
     */
    public void apply(FleetPlan next) {
        members.apply(next);
        presences.look();
        arrivals.look();
    }

    /** Completes when a drain was asked for, by whomever; at once when that is so already. */
    public Mono<Void> whenDraining() {
        return drainAsked.asMono();
    }

    /**
     * Drains: takes nothing new, waits for what is open until the grace is over, then cancels the rest, each with a
     * report. Emits how many jobs had to be cancelled or left to the next start, each counted once. Cancelling this wait
     * does not take the drain back.
     */
    public Mono<Integer> drained(Duration grace) {
        return Mono.defer(() -> {
            drain();
            return open.whenNone().timeout(grace, scheduler).onErrorResume(TimeoutException.class, late -> {
                LOG.warn("grace is over, cancelling what runs: jobs={}", cancelAll());
                return open.whenNone().timeout(CANCEL_PATIENCE, scheduler);
            }).onErrorResume(TimeoutException.class, late -> {
                LOG.warn("left to the next start, not acknowledged in time: {}", open.count());
                return Mono.empty();
            }).then(presences.leave()).then(Mono.fromSupplier(() -> cancelled.notEndedByThemselves(open.count())));
        });
    }

    /**
     * Cancels every running job, each with a report; returns how many were told. In a drain, jobs that are granted later
     * are cancelled as well. A job whose end is decided already is let alone: it is being reported.
     */
    public int cancelAll() {
        return cancelled.all(state == FleetState.DRAINING);
    }

    /** Lets go of every subscription; what is still open is left to the next start. */
    public void stop() {
        moveTo(FleetState.STOPPED);
        open.shut();
        members.dispose();
        presences.dispose();
        arrivals.dispose();
        subscriptions.dispose();
    }

    /** Only forward, whoever comes first; returns the state before. */
    private synchronized FleetState moveTo(FleetState next) {
        FleetState before = state;
        state = next.compareTo(before) > 0 ? next : before;
        return before;
    }

    @Override
    public void drain() {
        if (moveTo(FleetState.DRAINING).compareTo(FleetState.DRAINING) < 0) {
            open.shut();
            LOG.info("draining: {} open", open.count());
            emit("draining", null, null, null, null, "nothing new is leased; open: " + open.count());
            members.stopPolls();
            ownership.drain();
            drainAsked.tryEmitEmpty();
        }
    }

    @Override
    public Status status() {
        return views.status(state);
    }

    @Override
    public Page<RunnerView> runners(@Nullable String pool, @Nullable String wanted, @Nullable String search,
            int page) {
        return views.runners(state, pool, wanted, new Search(search), page);
    }

    /** What a runner is seen doing: an idle one of a fleet that drains is draining. */
    RunnerState stateOf(Runner runner) {
        return views.stateOf(state, runner);
    }

    @Override
    public Page<JobView> jobs(@Nullable String wanted, @Nullable String search, int page) {
        return board.views(wanted, new Search(search), page);
    }

    @Override
    public Optional<JobView> job(String key) {
        return board.find(key).map(JobBoard::view);
    }

    @Override
    public Optional<Flux<byte[]>> log(String key, boolean follow) {
        return board.find(key).map(job -> {
            JobLog log = job.log();
            return log == null ? Flux.<byte[]>empty() : follow ? log.follow() : log.read();
        });
    }

    @Override
    public boolean cancel(String key, String reason) {
        JobRun run = board.run(key);
        return run != null && run.cancel(Outcome.Cause.CANCELLED, reason);
    }

    @Override
    public int pause(Target target) {
        return say(target, true);
    }

    @Override
    public int resume(Target target) {
        return say(target, false);
    }

    private int say(Target target, boolean pause) {
        int meant = (int) members.plan().pools().stream().flatMap(pool -> pool.runners().stream())
                .filter(runner -> Pauses.means(target, runner)).count();
        if (meant > 0) {
            LOG.info("{}: {}, runners={}", pause ? "paused" : "resumed", Pauses.words(target), meant);
            pauses.say(target, pause);
            members.heldChanged();
            emit(pause ? "paused" : "resumed", null, null, null, null,
                    Pauses.words(target) + ", runners: " + meant);
        }
        return meant;
    }

    @Override
    public Mono<Reloaded> reload() {
        return Mono.defer(() -> switch (state) {
            case STARTING, DRAINING, STOPPED -> Mono.just(new Reloaded(false, List.of(), List.of(),
                    List.of("the supervisor is " + state.label() + "; it reloads only while it is running")));
            case RUNNING -> reloads.get().doOnNext(done -> emit("reloaded", null, null, null, null,
                    done.applied() ? "changes: " + done.changes().size() : "refused, the old one is kept"));
        });
    }

    @Override
    public Flux<FleetEvent> events() {
        return events.events();
    }

    /** Tells whoever follows {@link #events()}; never waits and never fails. The message holds no secret. */
    void emit(String type, @Nullable String controlPlane, @Nullable String pool, @Nullable String runner,
            @Nullable String job, String message) {
        events.emit(type, controlPlane, pool, runner, job, message);
    }

    private void tellOf(JobRun run, String type, String message) {
        JobProgress job = run.progress();
        emit(type, job.controlPlane(), job.pool(), job.runner(), job.key(), message);
    }

    @Override
    public boolean live() {
        return state != FleetState.STOPPED;
    }

    @Override
    public boolean ready() {
        return state == FleetState.RUNNING && ownership.ready();
    }

    @Override
    public @Nullable String whyNotReady() {
        Ownership.Sharing sharing = state == FleetState.RUNNING ? ownership.sharing() : null;
        return sharing == null ? null : sharing.trouble();
    }

    /** How a runner stands to this supervisor, where several share the runners. */
    Ownership.Hold holdOf(Runner runner) {
        return ownership.of(runner);
    }

    FleetState state() {
        return state;
    }

    /** What the fleet is made of now. */
    public FleetPlan plan() {
        return members.plan();
    }

    /** How many subscriptions it owns now. */
    int subscriptions() {
        return subscriptions.count();
    }

    JobBoard board() {
        return board;
    }

    /** The polls of one control plane, or null when a reload took it away. */
    @Nullable
    PollScheduler polls(String controlPlane) {
        return members.scheduler(controlPlane);
    }
}
