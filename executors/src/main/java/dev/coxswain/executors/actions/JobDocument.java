package dev.coxswain.executors.actions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A claimed job (contract shithub-actions 4): all that is not told is empty, keys that are not known are passed over.
 *
 * @param facts the job's object, for its plain texts
 * @param event what made it run, written by anybody
 * @param timeout of the whole job; null for none
 * @param steps in their order
 */
record JobDocument(JsonNode facts, JsonNode event, String condition, @Nullable Duration timeout,
        Map<String, String> env,
        Map<String, String> secrets, List<String> masks, Map<String, String> variables, List<String> needs,
        List<JobStep> steps) {
    static final int MOST_STEPS = 1_000;

    private static final int DEFAULT_MINUTES = 360;

    /**
     * Reads the claim, or the job in it.
     *
     * @throws StepFailure when it is none
     */
    static JobDocument read(JsonMapper mapper, String document) {
        JsonNode root;
        try {
            root = mapper.readTree(document);
        } catch (JacksonException e) {
            throw StepFailure.of("the control plane's job is no valid JSON");
        }
        JsonNode job = root.path("job").isObject() ? root.path("job") : root;
        if (!job.path("steps").isArray()) {
            throw StepFailure.of("the control plane's job has no steps: there is nothing to run");
        }
        if (job.path("steps").size() > MOST_STEPS) {
            throw StepFailure.of("the job has more than " + MOST_STEPS + " steps");
        }
        return new JobDocument(job, job.path("event_payload"), text(job, "if"),
                minutes(job.path("timeout_minutes"), DEFAULT_MINUTES), texts(job.path("env")),
                texts(job.path("secrets")), list(job.path("mask_values")), texts(job.path("variables")),
                list(job.path("needs")), steps(job.path("steps")));
    }

    /** A plain text or number of the job; empty when there is none. */
    String fact(String key) {
        return text(facts, key);
    }

    private static List<JobStep> steps(JsonNode array) {
        record Numbered(long index, JobStep step) {}
        List<Numbered> steps = new ArrayList<>();
        for (JsonNode node : array) {
            JsonNode id = node.path("id");
            if (!id.isIntegralNumber() || !id.canConvertToLong()) {
                throw StepFailure.of("a step of the control plane's job has no id");
            }
            JobStep step = new JobStep(Long.toString(id.longValue()), text(node, "step_id"), text(node, "name"),
                    text(node, "if"), text(node, "run"), "", text(node, "uses").strip(),
                    text(node, "working_directory"),
                    texts(node.path("env")), texts(node.path("with")), node.path("continue_on_error").asBoolean(false),
                    minutes(node.path("timeout_minutes"), 0));
            steps.add(new Numbered(node.path("index").asLong(steps.size()), step));
        }
        if (steps.stream().map(each -> each.step.id()).distinct().count() != steps.size()) {
            throw StepFailure.of("two steps of the control plane's job have the same id");
        }
        return steps.stream().sorted(Comparator.comparingLong(Numbered::index)).map(Numbered::step).toList();
    }

    private static @Nullable Duration minutes(JsonNode node, int usual) {
        double minutes = node.isNumber() ? node.asDouble() : usual;
        return minutes > 0 ? Duration.ofMillis((long) Math.min(minutes * 60_000, 1e13)) : null;
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(each -> texts.put(each.getKey(), scalar(each.getValue())));
        return Collections.unmodifiableMap(texts);
    }

    /** Without what is empty: to look for that would be to find it everywhere (trap 20). */
    private static List<String> list(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(scalar(each)));
        texts.removeIf(String::isEmpty);
        return List.copyOf(texts);
    }

    private static String text(JsonNode object, String key) {
        return scalar(object.path(key));
    }

    private static String scalar(JsonNode node) {
        return node.isString() ? node.stringValue() : node.isNumber() || node.isBoolean() ? node.asString() : "";
    }

    /** Hides all of it: it holds secrets. */
    @Override
    public String toString() {
        return "JobDocument[steps=" + steps.size() + "]";
    }
}
