package dev.coxswain.executors.pipeline;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@code summary.json} ({@code {"summaryText": …}}), which a command may leave when a summary was wanted. One that
 * can't be used costs the job nothing: the next one is asked for a summary again.
 */
final class SummaryFile {
    static final String NAME = PipelineWorkload.OUTPUT_FOLDER + "/summary.json";
    static final int MAX_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SummaryFile.class);

    private final JsonMapper mapper;

    SummaryFile(JsonMapper mapper) {
        this.mapper = mapper;
    }

    /** Emits the summary, or nothing when there is none. */
    Mono<String> read(Workspace workspace) {
        return workspace.read(NAME, MAX_BYTES).flatMap(content -> Mono.justOrEmpty(text(content)))
                .onErrorResume(failure -> failure instanceof WorkspaceException || failure instanceof JacksonException,
                        failure -> {
                            LOG.warn("{} can't be used: {}", NAME, failure instanceof JacksonException
                                    ? "it is not valid JSON"
                                    : failure.getMessage());
                            return Mono.empty();
                        });
    }

    private @Nullable String text(byte[] content) {
        JsonNode summary = mapper.readTree(content).path("summaryText");
        String text = summary.isString() ? summary.stringValue() : "";
        if (text.isBlank()) {
            LOG.warn("{} has no text in summaryText", NAME);
        }
        return text.isBlank() ? null : text;
    }
}
