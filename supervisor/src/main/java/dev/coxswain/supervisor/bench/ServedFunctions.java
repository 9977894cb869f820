package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

import dev.coxswain.executors.function.Language;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.functions.CodeFolder;
import dev.coxswain.supervisor.functions.Coderunner;
import dev.coxswain.supervisor.functions.DeploymentType;
import dev.coxswain.supervisor.functions.Identity;
import dev.coxswain.supervisor.functions.Tokens;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** A whole {@code cox run} that serves a Coderunner, and copies of one function deployed on it. */
final class ServedFunctions {
    private static final Duration STARTING = Duration.ofSeconds(60);
    private static final Duration LOOKING = Duration.ofMillis(50);
    private static final Duration PUSHING = Duration.ofMinutes(5);
    /** Definitions that are brought there at the same time. */
    private static final int PUSHES = 4;
    private static final String WORKSPACE = "0b9c2a52-1111-4c63-9f0e-6d4ad6a3b001";
    private static final String USER = "bench";
    private static final String TOKEN = "any";

    private final CoxProcess process;
    private final URI server;

    private ServedFunctions(CoxProcess process, URI server) {
        this.process = process;
        this.server = server;
    }

    /** Starts it, and waits until it listens. */
    static ServedFunctions start(Scope scope, int slots, int warm) {
        Path folder = scope.newFolder();
        try {
            Files.writeString(folder.resolve("fleet.yaml"), """
                    supervisor:
                      name: bench
                      stateDir: ./state
                      admin: { listen: "127.0.0.1:0" }
                      metrics: { listen: "127.0.0.1:0" }
                    slots: { total: %d }
                    controlPlanes:
                      functions: { protocol: coderunner, listen: "127.0.0.1:0", auth: { insecureNoAuth: true } }
                    pools:
                      - name: functions
                        controlPlane: functions
                        runners: %d
                        workload: { kind: function, warm: { max: %d } }
                    """.formatted(slots, slots, warm));
        } catch (IOException e) {
            throw new BenchException("the configuration can't be written: " + e.getMessage(), e);
        }
        CoxProcess process = CoxProcess.start(scope, folder, Map.of(), List.of("RUNNER_", "OPENAI_"), "run", "-c",
                "fleet.yaml");
        Path endpoints = folder.resolve("state/endpoints.json");
        String found = Flux.interval(Duration.ZERO, LOOKING, Schedulers.boundedElastic())
                .filter(tick -> Files.exists(endpoints) || !process.isAlive()).next()
                .map(tick -> address(process, endpoints)).timeout(STARTING).block();
        return new ServedFunctions(process, URI.create(Objects.requireNonNull(found)));
    }

    private static String address(CoxProcess process, Path endpoints) {
        try {
            return new JsonMapper().readTree(Files.readString(endpoints)).path("coderunner").asString();
        } catch (IOException e) {
            throw new BenchException("cox run does not listen: " + process.said(), e);
        }
    }

    /** The headers of every call. */
    static HttpHeaders headers() {
        return new DefaultHttpHeaders().set("Authorization", "Bearer " + TOKEN).set("x-client-key", WORKSPACE)
                .set("x-userid", USER);
    }

    /** Brings the code there so many times, each as a function of its own; emits where they are called. */
    List<URI> push(Path code, int copies) {
        Coderunner client = new Coderunner(server, new Identity(WORKSPACE, USER), Tokens.of(new Secret(TOKEN)),
                Schedulers.parallel(), () -> ThreadLocalRandom.current().nextDouble(), line -> {});
        return Objects.requireNonNull(Flux.range(0, copies)
                .flatMap(number -> pushed(client, new CodeFolder(code), "hello-" + number), PUSHES).collectList()
                .block(PUSHING));
    }

    private static Mono<URI> pushed(Coderunner client, CodeFolder code, String name) {
        return client.define(name, "", DeploymentType.FUNCTION, Language.NODEJS)
                .flatMap(definition -> code.packed(Path.of("none"), zip -> client.upload(definition, zip, ""))
                        .flatMap(version -> client.processed(version).then(deployed(client, definition, version))))
                .map(ready -> Objects.requireNonNull(ready.endpoint(), name));
    }

    private static Mono<Coderunner.Deployment> deployed(Coderunner client, String definition, String version) {
        return Mono.defer(
                () -> client.deploy(definition, version, new Coderunner.Configuration(null, null, null)))
                .flatMap(made -> client.ready(made.id(), DeploymentType.FUNCTION));
    }

    /** CPU seconds of the supervisor so far, without the functions. */
    double cpuSeconds() {
        return Usage.cpuSeconds(process.pid());
    }

    /** The pids of the processes that are kept for calls. */
    List<Long> kept() {
        return process.handle().descendants()
                .filter(each -> each.info().command().orElse("").contains("node")).map(ProcessHandle::pid).toList();
    }
}
