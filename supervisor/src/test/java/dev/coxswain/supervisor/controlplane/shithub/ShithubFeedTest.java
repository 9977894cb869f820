package dev.coxswain.supervisor.controlplane.shithub;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FeedItem;
import dev.coxswain.supervisor.controlplane.JobFeed;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.StepMark;
import dev.coxswain.supervisor.testing.RudeServer.Manner;
import dev.coxswain.supervisor.testing.RudeServer.Reply;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Logs and steps of a job (contract shithub-actions 6, 7). */
class ShithubFeedTest {
    private final ShithubRig rig = new ShithubRig();
    private final Lease lease = rig.lease();
    private final JobFeed feed = Objects.requireNonNull(lease.feed());
    private int tokens;

    @AfterEach
    void close() {
        rig.close();
    }

    private void answers(int count) {
        IntStream.range(0, count).forEach(i -> rig.server.then(ShithubRig.taken(++tokens)));
    }

    private static FeedItem out(String text) {
        return new FeedItem.Output(CommandEvent.Stream.STDOUT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static FeedItem err(String text) {
        return new FeedItem.Output(CommandEvent.Stream.STDERR, text.getBytes(StandardCharsets.UTF_8));
    }

    /** As the bracket does it: the lease hears of a step at once, the feed in its place. */
    private FeedItem step(ExecutionEvent.Step step) {
        StepMark mark = new StepMark(step, ShithubRig.NOW);
        lease.stepped(mark);
        return new FeedItem.Step(mark);
    }

    private FeedItem begin(String name) {
        return step(new ExecutionEvent.StepStarted(name));
    }

    private FeedItem end(String name, ExecutionEvent.StepResult result) {
        return step(new ExecutionEvent.StepEnded(name, 0, result));
    }

    /** What was told, in its order. */
    private List<String> told() {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < rig.server.seen().size(); i++) {
            JsonNode body = rig.sent(i);
            told.add(rig.paths().get(i).equals("/logs")
                    ? body.path("step_id").asLong() + "/" + body.path("seq").asInt() + " "
                            + new String(Base64.getDecoder().decode(body.path("chunk").stringValue()),
                                    StandardCharsets.UTF_8)
                    : rig.paths().get(i) + " " + body.path("status").asString("") + " "
                            + body.path("conclusion").asString(""));
        }
        return told;
    }

    @Test
    void trap16EachStepCountsFromZeroAndBothStreamsAreOne() {
        answers(7);
        ShithubRig.done(feed.send(List.of(begin("71 Build"), out("a\n"), err("b\n"))));
        ShithubRig.done(feed.send(List.of(out("c\n"), end("71 Build", ExecutionEvent.StepResult.SUCCEEDED), begin("72"),
                out("d"))));
        ShithubRig.done(feed.end());

        assertThat(told()).containsExactly("/steps/71/status running ", "71/0 a\nb\n", "71/1 c\n",
                "/steps/71/status completed success", "/steps/72/status running ", "72/0 d");
    }

    @Test
    void trap18AStepsWholeLogComesBeforeItsEnd() {
        answers(4);
        ShithubRig.done(feed.send(List.of(begin("71"), out("whole\n::error file=a::ha"))));
        assertThat(told()).containsExactly("/steps/71/status running ", "71/0 whole\n");

        ShithubRig.done(feed.send(List.of(end("71", ExecutionEvent.StepResult.FAILED))));

        assertThat(told()).endsWith("71/1 ::error file=a::ha", "/steps/71/status completed failure");
    }

    @Test
    void trap17NothingEmptyIsSent() {
        answers(2);
        ShithubRig.done(feed.send(List.of()));
        ShithubRig.done(feed.send(List.of(begin("71"), end("71", ExecutionEvent.StepResult.SKIPPED))));
        ShithubRig.done(feed.end());

        assertThat(told()).containsExactly("/steps/71/status running ", "/steps/71/status skipped skipped");
    }

    @Test
    void trap17AChunkStaysFarBelowTheLimit() {
        answers(8);
        ShithubRig.done(feed.send(List.of(begin("71"), out("x".repeat(1_000_000)))));

        assertThat(rig.server.seen()).hasSize(5)
                .allSatisfy(seen -> assertThat(seen.body().length()).isLessThan(786_432));
    }

    @Test
    void trap19OnlyTheNumericIdNamesAStep() {
        answers(2);
        // neither the index, nor the author's id, nor a number that is none of this job's
        ShithubRig.done(feed.send(List.of(begin("0"), out("x"), end("0", ExecutionEvent.StepResult.SUCCEEDED),
                begin("build"), begin("7100"), begin("99999999999999999999"), begin("71x"))));
        assertThat(rig.server.seen()).isEmpty();

        ShithubRig.done(feed.send(List.of(begin("72 x y"))));
        assertThat(told().get(0)).isEqualTo("/steps/72/status running ");
    }

    @Test
    void outputBetweenStepsIsTheNextOnes() {
        answers(4);
        ShithubRig.done(feed.send(List.of(out("early\n"), end("71", ExecutionEvent.StepResult.SKIPPED), begin("72"),
                out("own\n"))));

        assertThat(told()).containsExactly("/steps/71/status skipped skipped", "/steps/72/status running ",
                "72/0 early\n", "72/1 own\n");
    }

    @Test
    void aRepeatedBatchGoesOnWhereItStopped() {
        rig.server.then(ShithubRig.taken(1), ShithubRig.taken(2), ShithubRig.taken(3), Reply.html(502),
                ShithubRig.taken(4));
        Mono<Void> batch = feed.send(List.of(begin("71"), out("a\n"), end("71", ExecutionEvent.StepResult.SUCCEEDED),
                begin("72")));

        ShithubRig.fails(batch, ControlPlaneException.Unavailable.class);
        ShithubRig.done(batch);

        // a step that has ended must not begin anew (section 12)
        assertThat(told()).containsExactly("/steps/71/status running ", "71/0 a\n",
                "/steps/71/status completed success", "/steps/72/status running ", "/steps/72/status running ");
        assertThat(rig.bearer(4)).isEqualTo("Bearer token-3");
    }

    @Test
    void theSameChunkIsRepeatedWithTheSameNumber() {
        rig.server.then(ShithubRig.taken(1), ShithubRig.taken(2).sent(Manner.RESET), ShithubRig.taken(2));
        Mono<Void> batch = feed.send(List.of(begin("71"), out("a\n")));

        ShithubRig.fails(batch, ControlPlaneException.Unavailable.class);
        ShithubRig.done(batch);

        assertThat(told()).endsWith("71/0 a\n", "71/0 a\n");
    }

    @Test
    void aLostChunkEndsTheJob() {
        rig.server.then(ShithubRig.taken(1), ShithubRig.taken(2).sent(Manner.RESET), ShithubRig.REPLAYED);
        Mono<Void> batch = feed.send(List.of(begin("71"), out("a\n")));

        ShithubRig.fails(batch, ControlPlaneException.Unavailable.class);
        ShithubRig.fails(batch, ControlPlaneException.LeaseLost.class);
    }

    @Test
    void afterACancelNoStepIsToldOfButTheLogGoesOn() {
        rig.server.then(ShithubRig.next(1, ",\"cancelled\":true"), ShithubRig.taken(2));
        ShithubRig.only(lease.heartbeat());
        ShithubRig.done(feed.send(List.of(begin("71"), out("a\n"), end("71", ExecutionEvent.StepResult.CANCELLED))));

        assertThat(told()).endsWith("71/0 a\n").hasSize(2);
    }

    @Test
    void whatTheFeedToldIsNotToldAgainAtTheEnd() {
        answers(3);
        ShithubRig.done(feed.send(List.of(begin("71"), end("71", ExecutionEvent.StepResult.FAILED))));
        rig.server.then(Reply.json("{\"status\":\"completed\"}"));
        ShithubRig.only(lease.settle(new Outcome.Fail(Outcome.Cause.FAILURE, "bad")));

        assertThat(told()).containsExactly("/steps/71/status running ", "/steps/71/status completed failure",
                "/steps/72/status skipped skipped", "/status completed failure");
    }
}
