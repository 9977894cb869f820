package dev.coxswain.supervisor.demo;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.function.Language;
import dev.coxswain.executors.function.Runtimes;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.functions.CodeFolder;
import dev.coxswain.supervisor.functions.Coderunner;
import dev.coxswain.supervisor.functions.CoderunnerException;
import dev.coxswain.supervisor.functions.DeploymentType;
import dev.coxswain.supervisor.functions.Identity;
import dev.coxswain.supervisor.functions.Status;
import dev.coxswain.supervisor.functions.Tokens;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Functions that are pushed to the demo's own Coderunner and called while it runs: two that answer, and a schedule. */
final class DemoFunctions {
    private static final Identity WHO = new Identity("00000000-0000-4000-8000-00000000d3e0", "demo");
    private static final int CALLS = 5;
    private static final Duration PAUSE = Duration.ofMillis(300);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(45);
    private static final Coderunner.Configuration SMALL = new Coderunner.Configuration("250m", "256Mi", null);
    private static final Coderunner.Configuration EACH_MINUTE = new Coderunner.Configuration("250m", "256Mi",
            "* * * * *");

    private final Coderunner client;
    private final Path examples;
    private final boolean once;
    private final List<Example> playable;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger good = new AtomicInteger();

    private record Example(String folder, Language language, DeploymentType type) {}

    /**
     * Looks for the languages of this host, so it blocks.
     *
     * @param examples the folder with the code
     * @param once whether a few calls are enough; else they go on
     */
    DemoFunctions(URI coderunner, Path examples, boolean once) {
        this.client = new Coderunner(coderunner, WHO, Tokens.of(new Secret("nobody-is-asked")), Schedulers.parallel(),
                () -> ThreadLocalRandom.current().nextDouble(), step -> {});
        this.examples = examples;
        this.once = once;
        Runtimes host = Runtimes.look(System.getenv());
        this.playable = List.of(new Example("hello-node", Language.NODEJS, DeploymentType.FUNCTION),
                new Example("hello-python", Language.PYTHON, DeploymentType.FUNCTION),
                new Example("tick-node", Language.NODEJS, DeploymentType.SCHEDULE)).stream()
                .filter(example -> host.found().containsKey(example.language())).toList();
    }

    /** Pushes and calls them; completes when each was called often enough. Cancelling leaves what runs to its end. */
    Mono<Void> play() {
        return Flux.fromIterable(playable).flatMap(this::play, 3).then();
    }

    private Mono<Void> play(Example example) {
        CodeFolder code = new CodeFolder(examples.resolve(example.folder()));
        return client.define(code.name(), "of the demo", example.type(), example.language())
                .flatMap(definition -> code
                        .packed(Path.of("manifest.json"), zip -> client.upload(definition, zip, "first"))
                        .delayUntil(client::processed)
                        .flatMap(version -> client.deploy(definition, version,
                                example.type() == DeploymentType.SCHEDULE ? EACH_MINUTE : SMALL)))
                .flatMap(made -> client.ready(made.id(), example.type())).flatMapMany(deployed -> {
                    Mono<Coderunner.Execution> run = run(deployed);
                    return once ? run.repeat(CALLS - 1L) : run.delaySubscription(PAUSE).repeat();
                }).then().onErrorResume(CoderunnerException.class, failure -> {
                    calls.incrementAndGet();
                    return Mono.empty();
                });
    }

    private Mono<Coderunner.Execution> run(Coderunner.Deployment deployed) {
        @Nullable
        URI endpoint = deployed.endpoint();
        Mono<Coderunner.Execution> run = endpoint == null
                ? client.start(deployed.id(), "{}").flatMap(started -> client.ended(started, LONGEST_CALL))
                : client.call(endpoint, "{\"name\":\"demo\"}", LONGEST_CALL);
        return run.doFirst(calls::incrementAndGet).doOnNext(ended -> {
            if (ended.status() == Status.COMPLETED) {
                good.incrementAndGet();
            }
        }).onErrorResume(CoderunnerException.class, failure -> Mono.empty());
    }

    /** How it went, in a line. */
    String summary() {
        return "functions: %d pushed, %d calls, %d answered".formatted(playable.size(), calls.get(), good.get());
    }

    /** Whether every call that was made was answered well. */
    boolean isGood() {
        return calls.get() == good.get();
    }
}
