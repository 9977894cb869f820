package dev.coxswain.executors;

import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.junit.jupiter.api.Test;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/** A workspace that is made belongs to whoever asked, or is removed. */
class OpeningTest {
    private final Deque<Runnable> queued = new ArrayDeque<>();
    private final Scheduler disk = Schedulers.fromExecutor(queued::add);
    private final List<Workspace> discarded = new ArrayList<>();
    /** Nothing of it is called. */
    private final Workspace workspace = (Workspace) Proxy.newProxyInstance(Workspace.class.getClassLoader(),
            new Class<?>[]{Workspace.class}, (self, method, arguments) -> method.getName());

    private void work() {
        while (!queued.isEmpty()) {
            queued.remove().run();
        }
    }

    @Test
    void whatIsMadeIsEmittedAndKept() {
        StepVerifier.create(Opening.on(disk, () -> workspace, discarded::add)).then(this::work).assertNext(
                found -> assertThat(found).isSameAs(workspace)).verifyComplete();
        work();

        assertThat(discarded).isEmpty();
    }

    @Test
    void whoLeavesBeforeItIsMadeGetsNoneMade() {
        List<String> made = new ArrayList<>();
        StepVerifier.create(Opening.on(disk, () -> {
            made.add("made");
            return workspace;
        }, discarded::add)).thenCancel().verify();
        work();

        assertThat(made).isEmpty();
        assertThat(discarded).isEmpty();
    }

    @Test
    void whoLeavesWhileItIsMadeLeavesNothingBehind() {
        Disposable.Swap whoAsked = Disposables.swap();
        whoAsked.update(Opening.on(disk, () -> {
            whoAsked.dispose();
            return workspace;
        }, discarded::add).subscribe(found -> discarded.clear()));
        work();

        assertThat(discarded).hasSize(1);
        assertThat(discarded.getFirst()).isSameAs(workspace);
    }

    @Test
    void whyItCouldNotBeMadeIsTold() {
        StepVerifier.create(Opening.on(disk, () -> {
            throw new WorkspaceException("no room");
        }, discarded::add)).then(this::work).verifyErrorMessage("no room");
    }
}
