package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.Executor;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.function.Language;
import dev.coxswain.executors.function.Runtimes;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class FunctionPreparationTest {
    @TempDir
    Path dir;
    private final Scheduler files = Schedulers.newBoundedElastic(1, 100, "test-files");
    private final OneCommand executor = new OneCommand();

    @AfterEach
    void stop() {
        files.dispose();
    }

    private Mono<String> prepare(Map<Language, String> missing, LanguageType language) {
        return new FunctionPreparation(executor, Map.of("HTTPS_PROXY", "http://proxy:1"),
                new Runtimes(Map.of(), missing), files).prepare("version-1", dir,
                        language);
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(dir.resolve(name), text);
    }

    private void refused(Mono<String> preparation, String... words) {
        StepVerifier.create(preparation).expectErrorSatisfies(
                e -> assertThat(e).isInstanceOf(PreparationException.class).hasMessageContainingAll(words))
                .verify(TestServer.PATIENCE);
    }

    @Test
    void codeWithoutDependenciesNeedsNoCommand() throws IOException {
        file("index.js", "module.exports = () => 1");

        assertThat(prepare(Map.of(), LanguageType.NODE_JS).block(TestServer.PATIENCE)).isEqualTo("index.js");
        assertThat(executor.commands).isEmpty();
    }

    @Test
    void codeWithoutAnEntryIsTheOwnersBusiness() {
        refused(prepare(Map.of(), LanguageType.PYTHON), "no entry point", "Python");
    }

    @Test
    void trap19aLanguageThatIsNotHereEndsTheVersion() throws IOException {
        file("main.csx", "1");

        refused(prepare(Map.of(Language.DOTNET_SCRIPT, "dotnet script is not on this host (looked in PATH /secret)"),
                LanguageType.DOTNET_SCRIPT), "DotNetScript can't be run here: dotnet script is not on this host");
    }

    @Test
    void dependenciesAreInstalledInAWorkspaceThatIsClosed() throws IOException {
        file("index.js", "x");
        file("package.json", "{\"dependencies\":{\"left-pad\":\"1.3.0\"}}");

        assertThat(prepare(Map.of(), LanguageType.NODE_JS).block(TestServer.PATIENCE)).isEqualTo("index.js");
        assertThat(executor.commands).hasSize(1);
        assertThat(executor.commands.get(0).argv()).contains("install", "--ignore-scripts");
        assertThat(executor.commands.get(0).environment()).containsEntry("HTTPS_PROXY", "http://proxy:1");
        assertThat(executor.opened).containsExactly("version-1");
        assertThat(executor.closed).hasValue(1);
    }

    @Test
    void anInstallerThatFailsTellsTheOwnerWhy() throws IOException {
        file("index.js", "x");
        file("package.json", "{\"dependencies\":{\"left-pad\":\"1.3.0\"}}");
        executor.exit = new CommandEvent.Exited(1, false);

        refused(prepare(Map.of(), LanguageType.NODE_JS), "could not be installed", "exit code 1",
                "npm ERR! no such package");
        assertThat(executor.closed).hasValue(1);
        executor.exit = new CommandEvent.Exited(143, true);
        refused(prepare(Map.of(), LanguageType.NODE_JS), "out of time");
    }

    /** Plays an installer. */
    private static final class OneCommand implements Executor, Workspace {
        private final List<Command> commands = new CopyOnWriteArrayList<>();
        private final List<String> opened = new CopyOnWriteArrayList<>();
        private final AtomicInteger closed = new AtomicInteger();
        private volatile CommandEvent exit = new CommandEvent.Exited(0, false);

        @Override
        public String kind() {
            return "process";
        }

        @Override
        public Mono<Workspace> open(String jobKey) {
            return Mono.fromSupplier(() -> {
                opened.add(jobKey);
                return this;
            });
        }

        @Override
        public Mono<Reaped> reap() {
            return Mono.just(new Reaped(0, 0));
        }

        @Override
        public String pathOf(String relative) {
            return "/" + relative;
        }

        @Override
        public Flux<CommandEvent> run(Command command) {
            commands.add(command);
            return Flux.just(new CommandEvent.Started(1), new CommandEvent.Output(CommandEvent.Stream.STDERR,
                    "npm notice\nnpm ERR! no such package\n".getBytes(StandardCharsets.UTF_8)), exit);
        }

        @Override
        public Mono<Void> write(String relative, byte[] content) {
            return Mono.empty();
        }

        @Override
        public Mono<byte[]> read(String relative, int maxBytes) {
            return Mono.empty();
        }

        @Override
        public Mono<Path> localFile(String relative) {
            return Mono.empty();
        }

        @Override
        public Flux<Entry> list(String folder) {
            return Flux.empty();
        }

        @Override
        public Mono<Void> place(String relative, Path local) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> wipe(String relative) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> stop(Stop how) {
            return Mono.empty();
        }

        @Override
        public Mono<Void> close() {
            return Mono.fromRunnable(closed::incrementAndGet);
        }
    }
}
