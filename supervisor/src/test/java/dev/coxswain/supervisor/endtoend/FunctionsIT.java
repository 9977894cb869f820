package dev.coxswain.supervisor.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.function.Language;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.functions.CodeFolder;
import dev.coxswain.supervisor.functions.Coderunner;
import dev.coxswain.supervisor.functions.DeploymentType;
import dev.coxswain.supervisor.functions.Identity;
import dev.coxswain.supervisor.functions.Status;
import dev.coxswain.supervisor.functions.Tokens;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Functions, jobs and services on a supervisor that is killed between the steps. */
class FunctionsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int STARTING = 503;
    private static final String TOKEN = "0123456789-service-token";
    private static final Identity WHO = new Identity("7f000001-0000-4000-8000-000000000001", "tester");
    private static final Coderunner.Configuration SMALL = new Coderunner.Configuration("250m", "256Mi", null);

    @TempDir
    Path folder;
    private SupervisorFolder files;
    private Coderunner client = at("http://127.0.0.1:1");

    @BeforeEach
    void configure() throws IOException {
        for (String program : new String[]{"node", "python3"}) {
            assumeTrue(Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(place -> Files.isExecutable(Path.of(place, program))), "there is no " + program);
        }
        files = new SupervisorFolder(folder);
        Path token = Files.writeString(folder.resolve("service.token"), TOKEN + "\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(files.config(), """
                supervisor:
                  name: end-to-end
                  stateDir: ./state
                  workDir: ./work
                  admin: { listen: 127.0.0.1:0 }
                  metrics: { listen: 127.0.0.1:0 }
                slots: { total: 3 }
                controlPlanes:
                  functions: { protocol: coderunner, listen: 127.0.0.1:0, auth: { serviceTokenFile: ./service.token } }
                pools:
                  - name: functions
                    controlPlane: functions
                    runners: 3
                """);
    }

    private static Coderunner at(String url) {
        return new Coderunner(URI.create(url), WHO, Tokens.of(new Secret(TOKEN)), Schedulers.parallel(), () -> 0.5,
                step -> {});
    }

    private SupervisorProcess start() {
        SupervisorProcess process = new SupervisorProcess(files, Map.of()).awaitStarted();
        client = at(process.endpoint("coderunner"));
        return process;
    }

    private CodeFolder code(String name, String file, String text) throws IOException {
        Path code = Files.createDirectories(folder.resolve("code").resolve(name));
        Files.writeString(code.resolve(file), text);
        return new CodeFolder(code);
    }

    private static <T> T now(Mono<T> call) {
        return Objects.requireNonNull(call.block(PATIENCE));
    }

    private String uploaded(CodeFolder code, String definition) {
        return now(code.packed(Path.of("none"), zip -> client.upload(definition, zip, "of a test")));
    }

    private Coderunner.Deployment deployed(CodeFolder code, DeploymentType type, Language language) {
        String definition = now(client.define(code.name(), "", type, language));
        String version = uploaded(code, definition);
        client.processed(version).block(PATIENCE);
        return now(client.ready(now(client.deploy(definition, version, SMALL)).id(), type));
    }

    @Test
    void aKillBetweenAnyTwoStepsLosesNothingThatWasDone() throws Exception {
        CodeFolder hello = code("hello", "index.mjs",
                "export const handler = async (payload) => ({ hello: payload.name });\n");
        String definition;
        String version;
        String deployment;
        try (SupervisorProcess process = start()) {
            definition = now(client.define("hello", "", DeploymentType.FUNCTION, Language.NODEJS));
            process.kill();
        }
        try (SupervisorProcess process = start()) {
            version = uploaded(hello, definition);
            process.kill();
        }
        try (SupervisorProcess process = start()) {
            client.processed(version).block(PATIENCE);
            deployment = now(client.deploy(definition, version, SMALL)).id();
            process.kill();
        }
        try (SupervisorProcess process = start()) {
            URI endpoint = Objects.requireNonNull(now(client.ready(deployment, DeploymentType.FUNCTION)).endpoint());
            for (int i = 0; i < 3; i++) {
                assertThat(now(client.call(endpoint, "{\"name\":\"Ada\"}", PATIENCE)).result())
                        .isEqualTo("{\"hello\":\"Ada\"}");
            }
            process.signal("TERM");
            assertThat(process.awaitExit(Duration.ofSeconds(40))).as(process.logText()).isZero();
            assertThat(process.logText()).doesNotContain(TOKEN).doesNotContain(" ERROR ");
        }
        assertThat(files.processesLeft()).isEmpty();
        assertThat(files.workspacesLeft()).isEmpty();
    }

    @Test
    void whatRanWhenTheSupervisorWasKilledFailsAndLeavesNoProcess() throws Exception {
        Path started = folder.resolve("started");
        assertThat(new ProcessBuilder("mkfifo", started.toString()).start().waitFor()).isZero();
        CodeFolder endless = code("endless", "main.py", """
                import subprocess, time
                subprocess.Popen(["sleep", "600"], start_new_session=True)
                open("%s", "w").write("now")
                time.sleep(600)
                """.formatted(started));
        Coderunner.Execution run;
        try (SupervisorProcess process = start()) {
            Coderunner.Deployment job = deployed(endless, DeploymentType.JOB, Language.PYTHON);
            run = now(client.start(job.id(), "{}"));
            assertThat(Files.readString(started)).isEqualTo("now");
            assertThat(files.processesLeft()).isNotEmpty();
            process.kill();
        }
        try (SupervisorProcess process = start()) {
            Coderunner.Execution ended = now(client.ended(run, PATIENCE));
            assertThat(ended.status()).isEqualTo(Status.FAILED);
            assertThat(ended.message()).contains("restart");
            assertThat(files.processesLeft()).isEmpty();
            process.signal("TERM");
            assertThat(process.awaitExit(Duration.ofSeconds(40))).as(process.logText()).isZero();
        }
        assertThat(files.workspacesLeft()).isEmpty();
    }

    @Test
    void trap20AServiceIsStoppedWithTheSupervisorAndStartedWithItAgain() throws Exception {
        CodeFolder echo = code("echo", "server.js", """
                require('http').createServer((request, answer) => answer.end('heard ' + request.url))
                    .listen(process.env.PORT);
                """);
        Coderunner.Deployment service;
        try (SupervisorProcess process = start()) {
            service = deployed(echo, DeploymentType.SERVICE, Language.NODEJS);
            assertThat(heard(service, "/a?b=1")).isEqualTo("heard /a?b=1");
            process.signal("TERM");
            assertThat(process.awaitExit(Duration.ofSeconds(40))).as(process.logText()).isZero();
            assertThat(files.processesLeft()).isEmpty();
        }
        try (SupervisorProcess process = start()) {
            Coderunner.Deployment again = now(client.ready(service.id(), DeploymentType.SERVICE));
            assertThat(heard(again, "/c")).isEqualTo("heard /c");
            process.signal("TERM");
            assertThat(process.awaitExit(Duration.ofSeconds(40))).as(process.logText()).isZero();
        }
        assertThat(files.processesLeft()).isEmpty();
    }

    /** What the service answers, once it listens: until then the server answers for it. */
    private static String heard(Coderunner.Deployment service, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(service.endpoint() + path)).timeout(PATIENCE)
                .header("Authorization", "Bearer " + TOKEN).header("x-client-key", WHO.workspace())
                .header("x-userid", WHO.user()).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            long start = System.nanoTime();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            while (answer.statusCode() == STARTING && System.nanoTime() - start < PATIENCE.toNanos()) {
                Mono.delay(LOOK).block();
                answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            }
            return answer.body();
        }
    }
}
