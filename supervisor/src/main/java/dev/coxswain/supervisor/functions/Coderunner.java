package dev.coxswain.supervisor.functions;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.function.Language;
import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The life of a function at a Coderunner: define, upload, wait, deploy, wait, run (contract coderunner 13). Everything is asked
 * when it is subscribed to, may be cancelled, and fails with a {@link CoderunnerException} only.
 */
public final class Coderunner {
    /** Uploads whose answer was lost and which were not found. */
    private static final int UPLOADS = 3;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final CoderunnerHttp http;
    private final Scheduler timer;
    private final DoubleSupplier random;
    private final Consumer<String> progress;

    /**
     * Sends nothing yet.
     *
     * @param base address, without a slash at its end; may have a path
     * @param timer pauses between questions
     * @param random uniform in [0, 1)
     * @param progress told of each step, in words for people
     */
    public Coderunner(URI base, Identity identity, Tokens tokens, Scheduler timer, DoubleSupplier random,
            Consumer<String> progress) {
        this.http = new CoderunnerHttp(base, identity, tokens, timer, random, progress);
        this.timer = timer;
        this.random = random;
        this.progress = progress;
    }

    /**
     * Where code runs and what it may take; null for the server's default.
     *
     * @param cron for schedules
     */
    public record Configuration(@Nullable String cpu, @Nullable String memory, @Nullable String cron) {}

    /**
     * A deployment as it is now.
     *
     * @param endpoint null while there is none
     */
    public record Deployment(String id, Status status, @Nullable URI endpoint, String message) {}

    /**
     * What came of a run.
     *
     * @param execution its name; empty when the server told none
     * @param result a JSON text; null when there is none (yet)
     */
    public record Execution(String execution, Status status, @Nullable String result, String message) {}

    /** One line of user output. */
    public record LogLine(String time, String stream, String text) {}

    /** Makes a definition; emits its id. */
    public Mono<String> define(String name, String description, DeploymentType type, Language language) {
        ObjectNode body = JSON.createObjectNode().put("name", name).put("description", description)
                .put("deploymentType", type.number()).put("languageType", language.number());
        return http.post("/api/definitions", body).map(data -> Answers.id(data, "id", "id", "the definition"))
                .onErrorMap(CoderunnerException.class, e -> unclear(e, "a definition was made"));
    }

    /** Brings a ZIP there, once, also when an answer is lost on the way; emits the id of the version. Blocks no thread. */
    public Mono<String> upload(String definition, Path zip, String description) {
        String mark = Long.toHexString((long) (random.getAsDouble() * (1L << 52)));
        String marked = (description.strip() + " [cox-" + mark + "]").strip();
        Mono<String> once = Mono.fromCallable(() -> MultipartBody.of(mark, marked, zip))
                .flatMap(form -> http.upload("/api/file/" + encoded(definition) + "/upload", form))
                .map(data -> Answers.id(data, "versionId", "id", "the version"));
        return uploaded(once, definition, marked, UPLOADS);
    }

    /** What it is unknown of is looked for, before it is sent again. */
    private Mono<String> uploaded(Mono<String> once, String definition, String marked, int left) {
        return once.onErrorResume(CoderunnerException.class, e -> {
            if (e.kind() != Kind.UNCLEAR) {
                return Mono.error(e);
            }
            progress.accept("unclear whether the upload arrived, looking: " + e.getMessage());
            return described(definition, marked).switchIfEmpty(Mono.defer(
                    () -> left > 1 ? uploaded(once, definition, marked, left - 1) : Mono.error(e)));
        });
    }

    private Mono<String> described(String definition, String description) {
        return http.get("/api/version/definition?DefinitionId=" + encoded(definition)).flatMapIterable(list -> list)
                .filter(version -> Answers.field(version, "description").asString("").equals(description)).next()
                .map(version -> Answers.id(version, "versionId", "id", "the version"));
    }

    /** Completes when the version can be deployed; fails with the server's words when it never can. */
    public Mono<Void> processed(String version) {
        Said said = new Said("version " + version);
        return Polls.until(http.get("/api/version/" + encoded(version)).map(data -> {
            Status status = said.now(Status.of(Answers.field(data, "status")));
            if (status == Status.FAILED || status == Status.STOPPED) {
                throw new CoderunnerException(Kind.FAILED,
                        "the version can't be used: " + Answers.words(data, "statusMessage"));
            }
            return status;
        }), status -> status == Status.COMPLETED, "version " + version, Polls.USUAL, timer).then();
    }

    /** Deploys a version; emits the deployment as the answer shows it. */
    public Mono<Deployment> deploy(String definition, String version, Configuration configuration) {
        ObjectNode body = JSON.createObjectNode().put("DefinitionId", definition).put("VersionId", version);
        ObjectNode wanted = body.putObject("Configuration");
        put(wanted, "Cpu", configuration.cpu());
        put(wanted, "Memory", configuration.memory());
        put(wanted, "CronExpression", configuration.cron());
        return http.post("/api/deployment/create", body)
                .map(data -> Answers.deployment(Answers.id(data, "deploymentId", "id", "the deployment"), data))
                .onErrorMap(CoderunnerException.class, e -> unclear(e, "the version was deployed"));
    }

    /** Emits the deployment when it is there: with its address, for types that have one. */
    public Mono<Deployment> ready(String deployment, DeploymentType type) {
        Said said = new Said("deployment " + deployment);
        return Polls.until(deployment(deployment).map(now -> {
            said.now(now.status());
            if (now.status() == Status.FAILED || now.status() == Status.STOPPED) {
                throw new CoderunnerException(Kind.FAILED,
                        "the deployment is " + now.status().word() + ": " + now.message());
            }
            return now;
        }), now -> type.hasEndpoint()
                ? now.endpoint() != null && now.status() != Status.PENDING && now.status() != Status.PROCESSING
                : now.status() == Status.COMPLETED || now.status() == Status.UNKNOWN, "deployment " + deployment,
                Polls.USUAL, timer);
    }

    /** A deployment as it is now. */
    public Mono<Deployment> deployment(String deployment) {
        return http.get("/api/deployment/" + encoded(deployment)).map(data -> Answers.deployment(deployment, data));
    }

    /** The type of a definition; empty when the server does not tell it, as the original's pages name no such call. */
    public Mono<DeploymentType> type(String definition) {
        return http.get("/api/definitions/" + encoded(definition))
                .mapNotNull(data -> DeploymentType.of(Answers.field(data, "deploymentType").asString("")))
                .onErrorResume(CoderunnerException.class, e -> e.status() == 404 || e.status() == 405
                        ? Mono.empty()
                        : Mono.error(e));
    }

    /**
     * Calls a function and waits for its result.
     *
     * @param payload a JSON text
     * @param limit longer than the function's own
     */
    public Mono<Execution> call(URI endpoint, String payload, Duration limit) {
        return http.call(endpoint, payload(payload), limit)
                .map(data -> Answers.field(data, "executionId").isMissingNode()
                        ? new Execution("", Status.COMPLETED, data.toString(), "")
                        : Answers.execution(data));
    }

    /** Starts a run; emits it as the answer shows it, with a name and probably without a result. */
    public Mono<Execution> start(String deployment, String payload) {
        return http.post("/api/execution/run/onetime/" + encoded(deployment), payload(payload))
                .map(Answers::execution).onErrorMap(CoderunnerException.class, e -> unclear(e, "a run was started"));
    }

    /** Waits for the end of a run; emits what was known at the start when the server can't be asked, as perhaps the original. */
    public Mono<Execution> ended(Execution started, Duration limit) {
        Said said = new Said("execution " + started.execution());
        return Polls.until(http.get("/api/execution/" + encoded(started.execution())).map(Answers::execution)
                .doOnNext(now -> said.now(now.status())), now -> now.status().isEnd(),
                "the end of execution "
                        + started.execution(),
                limit, timer)
                .onErrorResume(CoderunnerException.class, e -> e.status() == 404 || e.status() == 405
                        ? Mono.just(started)
                        : Mono.error(e));
    }

    /** The output of an execution. */
    public Mono<List<LogLine>> executionLog(String execution) {
        return http.get("/api/execution/" + encoded(execution) + "/logs").map(Answers::lines);
    }

    /** The newest lines of all executions of a deployment. */
    public Mono<List<LogLine>> deploymentLog(String deployment, int tail) {
        return http.get("/api/deployment/" + encoded(deployment) + "/logs?tail=" + tail).map(Answers::lines);
    }

    private static ObjectNode payload(String json) {
        ObjectNode body = JSON.createObjectNode();
        body.set("payload", JSON.readTree(json));
        return body;
    }

    private static CoderunnerException unclear(CoderunnerException e, String what) {
        return e.kind() == Kind.UNCLEAR
                ? new CoderunnerException(Kind.UNCLEAR, e.getMessage() + "; it is unknown whether " + what, e.status(),
                        e)
                : e;
    }

    private static void put(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Tells of each change once. */
    private final class Said {
        private final String what;
        private Status last = Status.UNKNOWN;

        Said(String what) {
            this.what = what;
        }

        Status now(Status status) {
            if (status != last) {
                last = status;
                progress.accept(what + ": " + status.word());
            }
            return status;
        }
    }
}
