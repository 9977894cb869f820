package dev.coxswain.supervisor.controlplane;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.SourceAccess;
import reactor.core.publisher.Mono;

/**
 * A job that is held until a deadline. Every call is one attempt and fails with a {@link ControlPlaneException} only.
 * Calls after the end of the lease are the caller's mistake; the runner's fence prevents them.
 */
public interface Lease extends ArtifactSigner {
    /** The job, with the lease answer as it was delivered; for a restored lease the document is empty. */
    Job job();

    /**
     * Tells the control plane that work begins: the first thing that is sent for a job, once the claim is in the journal and
     * before anything of the job is run; repeated while that may help and the lease holds. Emits the term from then on, or
     * nothing where the protocol has no such call. Each subscription is one attempt; after one whose answer was lost the next
     * one must find out. Cancelling leaves open whether it arrived.
     */
    default Mono<LeaseTerm> begin() {
        return Mono.empty();
    }

    /** Texts of this one job that its log must not show. */
    default List<Secret> secrets() {
        return List.of();
    }

    /** Where log and steps go while the job runs, or null where the protocol does not take them. Asked once, when it begins. */
    default @Nullable JobFeed feed() {
        return null;
    }

    /** A step began or ended, in order: for final reports that list them. Sends nothing. */
    default void stepped(StepMark mark) {}

    /**
     * Asks for what the workload needs to know besides the lease answer; emits the job to run. Asked once the lease is in
     * the journal and its heartbeats go on. Cancelling is safe.
     *
     * @throws UnusableJobException as an error signal, when what was delivered can't be a job
     */
    default Mono<Job> brief() {
        return Mono.fromSupplier(this::job);
    }

    /** How git gets at the job's sources; null where the document's URL needs nothing of the control plane's. */
    default @Nullable SourceAccess sources() {
        return null;
    }

    /**
     * Asks for signing material, a JSON text; empty where the protocol has none. Each subscription is one attempt. Cancelling
     * is safe.
     */
    default Mono<byte[]> signing(JobAccess.Platform platform) {
        return Mono.empty();
    }

    /**
     * Hands the control plane a summary of the {@linkplain dev.coxswain.executors.Briefing#earlier() earlier context} to
     * keep. Only for a lease whose briefing wanted one. Cancelling leaves open whether it arrived.
     */
    default Mono<Void> keepSummary(String text) {
        return Mono.error(() -> new IllegalStateException("this protocol knows no summaries"));
    }

    /**
     * Takes a piece of the result while the job makes it, where the job's document asked for that; the job waits until it is
     * taken. Cancelling drops it.
     */
    default Mono<Void> streamed(ExecutionEvent.Streamed piece) {
        return Mono.empty();
    }

    /** The term that the lease answer gave; for a restored lease one that is over already, until a heartbeat renews it. */
    LeaseTerm term();

    /** What the adapter needs to restore this lease ({@link LeaseRecord#handle()}). */
    String handle();

    /** The longest interval between two heartbeats, whatever the lease's length. */
    Duration heartbeatCap();

    /** Renews the lease, over the connection pool that only heartbeats use. Cancelling is safe. */
    Mono<HeartbeatReply> heartbeat();

    /**
     * Checks what a workload left and says which files must be uploaded before it can be composed. Pure: sends nothing.
     *
     * @throws InvalidResultException when the control plane would refuse it, or the user would not want it
     */
    List<ArtifactRequest> plan(String document) throws InvalidResultException;

    /**
     * Makes the final report of a planned document: file names become the references under which the uploads can be read.
     * Pure: sends nothing.
     *
     * @param references for each {@link ArtifactRequest#path()} of the plan its {@link SignedUpload#reference()}
     * @throws InvalidResultException when a name matches no upload
     */
    Outcome.Complete compose(String document, Map<String, String> references) throws InvalidResultException;

    /**
     * How long the answer to this report may take: the contract's own limit. The runner waits for a shorter time where the
     * lease leaves less.
     */
    default Duration reportTimeout(Outcome outcome) {
        return Duration.ofSeconds(30);
    }

    /**
     * Sends the one end of the lease. Repeating is the caller's business. Cancelling leaves open whether it arrived.
     */
    Mono<SettleReply> settle(Outcome outcome);
}
