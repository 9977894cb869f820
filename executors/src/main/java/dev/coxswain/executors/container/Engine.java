package dev.coxswain.executors.container;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import dev.coxswain.executors.exec.ExecFrame;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls to a container engine that we need, of the API that Docker and podman have in common (contract: Docker Engine
 * API 1.40; paths without a version, so that each engine takes its own newest). An {@link EngineException} is what it
 * refused; {@link EngineTrouble} makes words of any failure.
 */
final class Engine {
    private static final Duration QUICK = Duration.ofSeconds(20);
    /** Making, starting and removing: an engine under load takes its time. */
    private static final Duration SLOW = Duration.ofSeconds(60);
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(10);
    private static final int SHOWN = 400;
    private static final int NOT_FOUND = 404;
    private static final int ALREADY = 304;
    private static final int BEING_REMOVED = 409;

    private final EngineHttp http;
    private final Path socket;
    private final Scheduler timer;
    private final JsonMapper mapper = JsonMapper.builder().build();

    Engine(Path socket, Scheduler timer) {
        this.socket = socket;
        this.timer = timer;
        this.http = new EngineHttp(socket, timer);
    }

    Path socket() {
        return socket;
    }

    ObjectNode object() {
        return mapper.createObjectNode();
    }

    /**
     * A container as a list tells it.
     *
     * @param running whether something in it is alive
     */
    record Listed(String id, boolean running, Map<String, String> labels) {}

    /** A container as it is now. */
    record State(boolean running, boolean outOfMemory, int exitCode) {}

    /** Whether root in a container is the user who runs the engine, and nobody more. */
    Mono<Boolean> isRootless() {
        return get("/info").map(info -> info.path("Rootless").asBoolean(false)
                || info.path("SecurityOptions").toString().contains("rootless"));
    }

    Mono<Boolean> hasImage(String image) {
        return http.call(HttpMethod.GET, "/images/" + path(image) + "/json", null, QUICK)
                .flatMap(answer -> answer.status() == NOT_FOUND ? Mono.just(false) : json(answer).thenReturn(true));
    }

    /** Completes when the image is there. Cancelling ends the request. */
    Mono<Void> pull(String image, Duration limit) {
        int slash = image.lastIndexOf('/');
        int colon = image.lastIndexOf(':');
        boolean whole = image.contains("@");
        String name = whole || colon < slash ? image : colon < 0 ? image : image.substring(0, colon);
        // without a tag Docker would pull all there are
        String tag = whole ? "" : "&tag=" + query(colon > slash ? image.substring(colon + 1) : "latest");
        return http.lines("/images/create?fromImage=" + query(name) + tag, line -> {
            if (!line.contains("\"error\"")) {
                return Mono.empty();
            }
            return Mono.error(new EngineException(0, told(line.getBytes(StandardCharsets.UTF_8))));
        }, limit);
    }

    Mono<Void> create(String name, ObjectNode form) {
        return post("/containers/create?name=" + query(name), form, SLOW).then();
    }

    Mono<Void> start(String name) {
        return http.call(HttpMethod.POST, "/containers/" + path(name) + "/start", null, SLOW)
                .flatMap(answer -> answer.status() == ALREADY ? Mono.empty() : json(answer)).then();
    }

    /** Kills what runs in it and removes it; completes when it is gone, also when it was. */
    Mono<Void> remove(String name) {
        return http.call(HttpMethod.DELETE, "/containers/" + path(name) + "?force=true&v=true", null, SLOW)
                .flatMap(answer -> switch (answer.status()) {
                    case NOT_FOUND -> Mono.empty();
                    case BEING_REMOVED -> gone(name);
                    default -> json(answer).then();
                });
    }

    private Mono<Void> gone(String name) {
        return state(name).hasElement().filter(there -> !there)
                .repeatWhenEmpty(rounds -> rounds.delayElements(Duration.ofMillis(200), timer))
                .timeout(SLOW, timer).then();
    }

    /** Empty when there is none of this name. */
    Mono<State> state(String name) {
        return get("/containers/" + path(name) + "/json").map(found -> {
            JsonNode state = found.path("State");
            return new State(state.path("Running").asBoolean(false), state.path("OOMKilled").asBoolean(false),
                    state.path("ExitCode").asInt(-1));
        }).onErrorResume(EngineException.class, e -> e.isNotFound() ? Mono.empty() : Mono.error(e));
    }

    /** All that carry a label, those that have ended too. */
    Mono<List<Listed>> list(String label, String value) {
        ObjectNode filters = object();
        filters.putArray("label").add(label + "=" + value);
        return get("/containers/json?all=true&filters=" + query(filters.toString())).map(found -> {
            List<Listed> all = new ArrayList<>();
            for (JsonNode each : found) {
                Map<String, String> labels = new java.util.HashMap<>();
                each.path("Labels").properties().forEach(entry -> labels.put(entry.getKey(),
                        entry.getValue().asString("")));
                all.add(new Listed(each.path("Id").asString(""), each.path("State").asString("").equals("running"),
                        Map.copyOf(labels)));
            }
            return all;
        });
    }

    /**
     * Runs a program in a container: what it writes as it is demanded, then how it ended. An end whose code the engine does
     * not know is an {@link EngineException}, since the program may run on. Cancelling closes the connection and ends
     * nothing.
     */
    Flux<ExecFrame> exec(String container, ObjectNode form) {
        return post("/containers/" + path(container) + "/exec", form, QUICK).flatMapMany(made -> {
            String id = made.path("Id").asString("");
            if (id.isEmpty()) {
                return Flux.error(new EngineException(0, "an exec was made without an id"));
            }
            FrameReader reader = new FrameReader();
            byte[] start = object().put("Detach", false).put("Tty", false).toString()
                    .getBytes(StandardCharsets.UTF_8);
            return http.stream("/exec/" + path(id) + "/start", start, QUICK).concatMapIterable(reader::take, 1)
                    .concatWith(Mono.defer(() -> reader.isWhole()
                            ? exitCode(id)
                            : Mono.error(new EngineException(0, "the connection was closed in the middle"))));
        });
    }

    /** An engine may tell the end a little later than it closes the stream. */
    private Mono<ExecFrame> exitCode(String id) {
        return get("/exec/" + path(id) + "/json").flatMap(exec -> exec.path("Running").asBoolean(true)
                || !exec.path("ExitCode").isInt()
                        ? Mono.<ExecFrame>empty()
                        : Mono.just(new ExecFrame.Exit(exec.path("ExitCode").asInt())))
                .repeatWhenEmpty(rounds -> rounds.concatMap(round -> Mono.delay(
                        Duration.ofMillis(Math.min(10L << Math.min(round, 6), 500)), timer)))
                .timeout(ENDED_WITHIN, timer)
                .onErrorMap(TimeoutException.class,
                        e -> new EngineException(0, "the connection was closed while it ran", e));
    }

    private Mono<JsonNode> get(String uri) {
        return http.call(HttpMethod.GET, uri, null, QUICK).flatMap(this::json);
    }

    private Mono<JsonNode> post(String uri, ObjectNode form, Duration limit) {
        return http.call(HttpMethod.POST, uri, form.toString().getBytes(StandardCharsets.UTF_8), limit)
                .flatMap(this::json);
    }

    private Mono<JsonNode> json(EngineHttp.Answer answer) {
        if (answer.status() >= 300) {
            return Mono.error(refusal(answer.status(), answer.body()));
        }
        if (answer.body().length == 0) {
            return Mono.just(object());
        }
        try {
            JsonNode read = mapper.readTree(answer.body());
            return read.isObject() || read.isArray()
                    ? Mono.just(read)
                    : Mono.error(new EngineException(0, "an answer is no JSON object"));
        } catch (JacksonException e) {
            return Mono.error(new EngineException(0, "an answer is no JSON", e));
        }
    }

    static EngineException refusal(int status, byte[] body) {
        return new EngineException(status, told(body));
    }

    /** The message of an engine's answer, or its first line. */
    private static String told(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, 16 << 10), StandardCharsets.UTF_8);
        try {
            JsonNode read = JsonMapper.shared().readTree(text);
            text = read.path("message").asString(read.path("error").asString(text));
        } catch (JacksonException e) {
            // shown as it is
            text = text.strip();
        }
        String line = text.strip().lines().findFirst().orElse("").replaceAll("\\p{Cntrl}", "?");
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }

    private static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Slashes of an image's name stay what they are. */
    private static String path(String text) {
        return query(text).replace("%2F", "/").replace("%3A", ":").replace("%40", "@").replace("+", "%20");
    }

    /** Ends all connections; not to be called on an event loop. */
    Mono<Void> disconnect() {
        return http.disconnect();
    }
}
