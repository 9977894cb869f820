package dev.coxswain.supervisor.coderunner;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.coxswain.executors.ExecutionEvent.Streamed;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** Who waits for whom while a result is handed over in pieces. */
class ResultStreamTest {
    private static final ExecutionEnd DONE = new ExecutionEnd(ExecutionStatus.COMPLETED, null, null, null, null, false);

    private final ResultStream stream = new ResultStream(true);
    private final List<Integer> taken = new ArrayList<>();

    private void offer(int piece) {
        offer(stream, piece);
    }

    private void offer(ResultStream to, int piece) {
        to.take(new Streamed.Part(new byte[]{(byte) piece})).subscribe(none -> {}, failure -> {},
                () -> taken.add(piece));
    }

    private void listen() {
        stream.begun().subscribe(head -> {}, failure -> {});
        stream.take(new Streamed.Begun("{}")).block();
    }

    @Test
    void whereNobodyWantsThemPiecesAreDropped() {
        ResultStream unwanted = new ResultStream(false);
        offer(unwanted, 1);
        offer(unwanted, 2);

        assertThat(taken).containsExactly(1, 2);
    }

    @Test
    void aPieceWaitsForACallerWhoComesLater() {
        offer(1);
        assertThat(taken).isEmpty();

        StepVerifier.create(stream.bytes()).expectNextCount(1).thenCancel().verify();

        assertThat(taken).containsExactly(1);
    }

    @Test
    void aPieceIsTakenWhenItsCallerHasRoomForIt() {
        listen();
        offer(1);
        assertThat(taken).isEmpty();

        StepVerifier.create(stream.bytes(), 0).then(() -> assertThat(taken).isEmpty()).thenRequest(1)
                .expectNextCount(1).then(() -> {
                    assertThat(taken).containsExactly(1);
                    offer(2);
                    assertThat(taken).containsExactly(1);
                }).thenRequest(1).expectNextCount(1).then(() -> stream.over(DONE)).verifyComplete();

        assertThat(taken).containsExactly(1, 2);
    }

    @Test
    void theEndIsHeardByACallerWhoComesAfterIt() {
        listen();
        stream.over(DONE);

        StepVerifier.create(stream.bytes()).verifyComplete();
    }

    @Test
    void anEndWithoutSuccessIsAnError() {
        listen();

        StepVerifier.create(stream.bytes()).then(() -> stream.over(ExecutionEnd.failed("Timeout", "too long")))
                .verifyErrorMessage("the execution ended as Timeout in the middle of its result");
    }

    @Test
    void aCallerWhoLeavesLetsTheRunnerGoOn() {
        listen();
        Disposable caller = stream.bytes().subscribe(bytes -> {}, failure -> {});
        caller.dispose();

        offer(1);
        offer(2);

        assertThat(taken).containsExactly(1, 2);
    }

    @Test
    void oneWhoWaitsForTheHeadAndLeavesIsNoListener() {
        Disposable waiting = stream.begun().subscribe(head -> {}, failure -> {});
        waiting.dispose();

        offer(1);

        assertThat(taken).containsExactly(1);
    }
}
