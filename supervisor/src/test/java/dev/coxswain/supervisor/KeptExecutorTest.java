package dev.coxswain.supervisor;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.executors.process.ProcessExecutor;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class KeptExecutorTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;
    private final List<ProcessExecutor> made = new ArrayList<>();

    private KeptExecutor executor() {
        return new KeptExecutor("process", () -> {
            ProcessExecutor one = new ProcessExecutor(new ProcessConfig(folder, 1), Map.of(), Schedulers.parallel());
            made.add(one);
            return one;
        });
    }

    @AfterEach
    void close() {
        made.forEach(ProcessExecutor::close);
    }

    @Test
    void oneThatNobodyUsesEndsAtOnceAndItsThreadsWithIt() {
        KeptExecutor kept = executor();
        kept.retire();

        assertThat(kept.isOpen()).isFalse();
        made.get(0).retire().block(SOON);
        StepVerifier.create(made.get(0).open("late")).expectError().verify(SOON);
    }

    @Test
    void oneThatIsUsedEndsWithItsLastJob() {
        KeptExecutor kept = executor();
        Workspace first = open(kept, "first");
        Workspace second = open(kept, "second");
        kept.retire();
        first.close().block(SOON);
        first.close().block(SOON);
        assertThat(kept.isOpen()).isTrue();
        assertThat(second.run(echo()).collectList().block(SOON)).hasSize(3);

        second.close().block(SOON);

        assertThat(kept.isOpen()).isFalse();
        assertThat(folder).isDirectoryNotContaining("glob:**second");
        made.get(0).retire().block(SOON);
    }

    @Test
    void aJobThatComesLaterGetsOneOfItsOwnThatEndsWithIt() {
        KeptExecutor kept = executor();
        kept.retire();
        Workspace late = open(kept, "late");
        assertThat(made).hasSize(2);
        assertThat(kept.isOpen()).isTrue();

        late.close().block(SOON);

        assertThat(kept.isOpen()).isFalse();
    }

    @Test
    void anOpeningThatIsCancelledOrFailsIsNoUse() {
        KeptExecutor kept = executor();
        StepVerifier.create(kept.open("first")).thenCancel().verify(SOON);
        StepVerifier.create(kept.open("../not a name")).expectError().verify(SOON);
        kept.retire();

        assertThat(kept.isOpen()).isFalse();
        made.get(0).retire().block(SOON);
        assertThat(folder).isDirectoryNotContaining("glob:**first");
    }

    @Test
    void oneThatIsConfiguredStaysOpenWithoutJobs() {
        KeptExecutor kept = executor();
        Mono.usingWhen(kept.open("job"), workspace -> workspace.write("file", new byte[1]), Workspace::close)
                .block(SOON);

        assertThat(kept.isOpen()).isTrue();
        assertThat(made).hasSize(1);
    }

    private static Command echo() {
        return new Command(List.of("/bin/echo", "still here"), Map.of(), "", Duration.ofSeconds(10),
                Command.DEFAULT_GRACE);
    }

    private static Workspace open(KeptExecutor kept, String key) {
        return kept.open(key).blockOptional(SOON).orElseThrow();
    }

    /** A default of the contract would say that there is nothing, in place of the workspace. */
    @Test
    void everyQuestionToAWorkspaceIsAnsweredByTheWorkspace() {
        Class<?> used = Stream.of(KeptExecutor.class.getDeclaredClasses()).filter(Workspace.class::isAssignableFrom)
                .findFirst().orElseThrow();
        Set<String> answered = Stream.of(used.getDeclaredMethods()).map(Method::getName).collect(Collectors.toSet());

        assertThat(Stream.of(Workspace.class.getDeclaredMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName)).isSubsetOf(answered);
    }
}
