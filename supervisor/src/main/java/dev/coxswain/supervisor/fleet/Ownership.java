package dev.coxswain.supervisor.fleet;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.runner.Runner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Which runners may lease here when several supervisors share the credentials. Every method is safe from any thread and
 * never blocks. Whoever is about to use a credential says so with {@link #request} and says when that is over, so that a
 * runner is handed over only while nothing of it is under way.
 */
public interface Ownership {
    /** One supervisor: every runner is its own. */
    Ownership EVERYTHING = new Ownership() {};

    /** How a runner stands to this supervisor. */
    enum Hold {
        /** it may lease here */
        HELD("held"),
        /** it is about to go to another supervisor, and leases nothing meanwhile */
        HANDING_OVER("handing_over"),
        /** it leases elsewhere, or nowhere yet */
        ELSEWHERE("elsewhere");

        private final String label;

        Hold(String label) {
            this.label = label;
        }

        /** As in metrics. */
        public String label() {
            return label;
        }
    }

    /** How the runner stands now. */
    default Hold of(Runner runner) {
        return Hold.HELD;
    }

    /** Why the runner may not lease here now, in words; null when it may. */
    default @Nullable String whyNot(Runner runner) {
        return null;
    }

    /** A request with the runner's credential is about to leave. False, and nothing is counted, when it must not. */
    default boolean request(Runner runner) {
        return true;
    }

    /** The request is over and brought no job. */
    default void inVain(Runner runner) {}

    /** The request is over and brought a job, which counts from now on. */
    default void granted(Runner runner) {}

    /** That job has ended. */
    default void ended(Runner runner) {}

    /** Whether its control plane may be told of the runner from here, so that only one supervisor does. */
    default boolean mayPresent(Runner runner) {
        return true;
    }

    /** Emits whenever runners came or went. Never fails; cancelling is safe. */
    default Flux<Boolean> changes() {
        return Flux.never();
    }

    /** Whether this supervisor takes part. */
    default boolean ready() {
        return true;
    }

    /** How the runners are shared, as of now; null when they are not. */
    default @Nullable Sharing sharing() {
        return null;
    }

    /**
     * How runners are shared among supervisors.
     *
     * @param mode {@code static} or {@code kubernetes}
     * @param fleet what the supervisors have in common; null where they never meet
     * @param member what this one is called among them
     * @param membersAlive this one included while it takes part; null where nobody knows
     * @param shards into how many parts the runners are divided
     * @param shardsHeld whose runners may lease here
     * @param trouble why this one does not take part, in words; null when it does
     */
    record Sharing(String mode, @Nullable String fleet, String member, @Nullable Integer membersAlive, int shards,
            int shardsHeld, @Nullable String trouble) {}

    /** Takes nothing more, and gives every runner away as soon as nothing of it is under way. Safe to repeat. */
    default void drain() {}

    /** Begins to take runners. Completes at once; what it needs may come later. */
    default Mono<Void> join() {
        return Mono.empty();
    }

    /** Gives away what is left and completes when the others know, or fails. For the end of the process. */
    default Mono<Void> leave() {
        return Mono.empty();
    }
}
