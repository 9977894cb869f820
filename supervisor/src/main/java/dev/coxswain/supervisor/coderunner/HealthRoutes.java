package dev.coxswain.supervisor.coderunner;

import java.util.List;
import java.util.Objects;

import dev.coxswain.executors.function.Language;
import dev.coxswain.executors.function.Runtimes;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /health}, for anybody: what works here and what does not (contract sections 4, 7 and 8). */
final class HealthRoutes {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Runtimes runtimes;
    private final List<String> remarks;
    private final Store store;
    private final Executions executions;

    /** @param remarks what this host can't do, for people */
    HealthRoutes(Runtimes runtimes, List<String> remarks, Store store, Executions executions) {
        this.runtimes = runtimes;
        this.remarks = remarks;
        this.store = store;
        this.executions = executions;
    }

    List<Route> routes() {
        return List.of(new Route(HttpMethod.GET, "/health", true, "Tells whether the server works", "", "Health",
                List.of(), this::health));
    }

    private Mono<Reply> health(Call call) {
        // the store answers, or the request fails
        return store.read(sql -> sql.number("SELECT 1")).map(one -> JsonReply.done("Coderunner is up", view()));
    }

    private ObjectNode view() {
        ObjectNode view = JSON.createObjectNode().put("status", "up").put("waiting", executions.waiting());
        ArrayNode languages = view.putArray("languages");
        for (LanguageType type : LanguageType.values()) {
            Language language = Objects.requireNonNull(Language.of(type.number()));
            var runtime = runtimes.found().get(language);
            languages.addObject().put("languageType", type.number()).put("name", type.label())
                    .put("available", runtime != null).put("version", runtime == null ? null : runtime.version())
                    .put("missing", MissingRuntime.of(runtimes, language));
        }
        ArrayNode notes = view.putArray("remarks");
        remarks.forEach(notes::add);
        return view;
    }
}
