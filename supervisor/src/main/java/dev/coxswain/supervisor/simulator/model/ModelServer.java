package dev.coxswain.supervisor.simulator.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.Json;
import dev.coxswain.supervisor.simulator.Route;
import dev.coxswain.supervisor.simulator.SimulatedControlPlane;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /model/v1/responses} keeps its answers, {@code POST /model/forgetful/v1/responses} keeps none and refuses
 * {@code previous_response_id}; {@code GET /model/calls} tells what was asked. How a conversation goes is its
 * {@link Temper}'s. Connections that break are the simulator's faults, which meet these requests as they meet all others.
 */
final class ModelServer implements SimulatedControlPlane {
    private static final int KEPT = 10_000;
    private static final Duration SLOWNESS = Duration.ofMillis(400);

    private final List<String> keys;
    private final long seed;
    private final AtomicLong ids = new AtomicLong();
    private final Remembered<Talk> answers = new Remembered<>(KEPT);
    private final Remembered<Boolean> met = new Remembered<>(KEPT);
    private final Map<String, Long> counts = new TreeMap<>();

    ModelServer(SimulatorContext context) {
        keys = context.tokens().family(ModelProtocol.NAME, context.config().tokens());
        seed = context.config().seed();
    }

    @Override
    public String basePath() {
        return "/model";
    }

    @Override
    public List<String> tokens() {
        return keys;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("POST", "/v1/responses", CallKind.OTHER, call -> Mono.defer(() -> answer(call, true))),
                Route.of("POST", "/forgetful/v1/responses", CallKind.OTHER,
                        call -> Mono.defer(() -> answer(call, false))),
                Route.of("GET", "/calls", CallKind.READ,
                        call -> Mono.fromSupplier(() -> Answer.json(200, Map.of("calls", counted())))));
    }

    @Override
    public void enqueue(int jobs) {
        // who asks here has jobs of others
    }

    @Override
    public Answer error(int status, String text) {
        return error(status, "invalid_request_error", text);
    }

    private static Answer error(int status, String code, String text) {
        return Answer.json(status, Map.of("error", Map.of("message", text, "type", "invalid_request_error", "code",
                code)));
    }

    private Mono<Answer> answer(Call call, boolean keeps) {
        if (!keys.contains(String.valueOf(call.bearer()))) {
            count("refused");
            return Mono.just(error(401, "invalid_api_key", "this key is not known"));
        }
        JsonNode request;
        try {
            request = Json.read(call.body());
        } catch (JacksonException e) {
            count("refused");
            return Mono.just(error(400, "the body is not valid JSON"));
        }
        String problem = problem(request);
        if (problem != null || !call.saysJson()) {
            count("refused");
            return Mono.just(error(400, problem == null ? "the content type is not JSON" : problem));
        }
        JsonNode previous = request.path("previous_response_id");
        if (previous.isString() && !keeps) {
            count("refused");
            return Mono.just(error(400, "unsupported_parameter", "previous_response_id is not supported here"));
        }
        Talk before = previous.isString() ? answers.get(previous.stringValue()) : Talk.NOTHING;
        if (before == null) {
            count("refused");
            return Mono.just(error(400, "previous_response_not_found", "there is no such response"));
        }
        try {
            return say(before.with(request.path("input")), request, keeps, call.body().length);
        } catch (Talk.InputException e) {
            count("refused");
            return Mono.just(error(400, String.valueOf(e.getMessage())));
        }
    }

    /** What is wrong with the form of a request, or null. */
    private static @Nullable String problem(JsonNode request) {
        if (!request.path("model").isString() || request.path("model").stringValue().isBlank()) {
            return "model is missing";
        }
        if (request.path("stream").asBoolean(false)) {
            return "streams are not supported";
        }
        for (JsonNode tool : request.path("tools")) {
            if (!tool.path("type").asString("").equals("function") || !tool.path("name").isString()
                    || !tool.path("parameters").isObject()) {
                return "a tool needs type function, a name and parameters";
            }
        }
        return null;
    }

    private Mono<Answer> say(Talk talk, JsonNode request, boolean keeps, int bytes) {
        if (!request.has("tools")) {
            count("summary");
            return Mono.just(body("completed", Script.Turn.says("In short: " + talk.prompt().length()
                    + " characters were said before."), talk, keeps, bytes));
        }
        Temper temper = Temper.of(seed, talk.prompt());
        boolean first = met.add(temper + " " + talk.prompt().length() + " " + talk.prompt().hashCode(), true);
        if (first && temper == Temper.RATE_LIMITED) {
            count("rate_limited_429");
            return Mono.just(error(429, "rate_limit_exceeded", "too many requests").withHeader("Retry-After", "1"));
        }
        if (first && temper == Temper.OVERLOADED) {
            count("overloaded_503");
            return Mono.just(error(503, "server_error", "the model is overloaded"));
        }
        count(temper.word());
        Answer answer = body(temper == Temper.INCOMPLETE ? "incomplete" : "completed", Script.next(temper, talk), talk,
                keeps, bytes);
        if (first && temper == Temper.HALF_JSON) {
            return Mono.just(answer.halved());
        }
        if (first && temper == Temper.CUT_BODY) {
            return Mono.just(answer.cutOff());
        }
        return temper == Temper.SLOW ? Mono.just(answer).delayElement(SLOWNESS) : Mono.just(answer);
    }

    private Answer body(String status, Script.Turn turn, Talk talk, boolean keeps, int bytes) {
        String id = "resp_sim_" + ids.incrementAndGet();
        List<Object> output = new ArrayList<>();
        if (!turn.text().isEmpty()) {
            output.add(Map.of("type", "message", "role", "assistant", "content",
                    List.of(Map.of("type", "output_text", "text", turn.text()))));
        }
        Set<String> open = new LinkedHashSet<>();
        for (Script.ToolCall tool : turn.calls()) {
            String callId = "call_" + id + "_" + open.size();
            open.add(callId);
            output.add(Map.of("type", "function_call", "id", "fc_" + callId, "call_id", callId, "name", tool.name(),
                    "arguments", tool.arguments()));
        }
        if (keeps) {
            answers.add(id, talk.called(open));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", id);
        body.put("object", "response");
        body.put("status", status);
        if (status.equals("incomplete")) {
            body.put("incomplete_details", Map.of("reason", "max_output_tokens"));
        }
        body.put("output", output);
        body.put("usage", Map.of("input_tokens", bytes / 4, "output_tokens", 20 + turn.text().length() / 4,
                "input_tokens_details", Map.of("cached_tokens", talk.calls() > 0 ? bytes / 8 : 0)));
        return Answer.json(200, body);
    }

    private void count(String what) {
        synchronized (counts) {
            counts.merge(what, 1L, Long::sum);
        }
    }

    private Map<String, Long> counted() {
        synchronized (counts) {
            return new TreeMap<>(counts);
        }
    }
}
