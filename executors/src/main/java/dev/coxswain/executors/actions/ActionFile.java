package dev.coxswain.executors.actions;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.yaml.YamlJson;
import dev.coxswain.executors.yaml.YamlRefusedException;
import tools.jackson.databind.JsonNode;

/**
 * A composite action as its file tells it; texts are raw, with their expressions.
 *
 * @param outputs the texts that they are, by name
 */
record ActionFile(Map<String, Input> inputs, Map<String, String> outputs, List<JobStep> steps) {
    static final int MOST_BYTES = 256 * 1024;
    static final int MOST_STEPS = 200;

    private static final int MOST_ENTRIES = 256;
    private static final Set<String> STEP_KEYS = Set.of("id", "name", "if", "run", "shell", "uses", "working-directory",
            "env", "with", "continue-on-error");
    private static final Set<String> SHELLS = Set.of("bash", "sh", "python");

    /** @param preset what it is when it is not given; null when it has no default */
    record Input(boolean required, @Nullable String preset) {}

    /**
     * Reads one.
     *
     * @param file for messages
     * @param user id of the step that uses it
     * @throws StepFailure when it is none that can be run here
     */
    static ActionFile read(String file, byte[] content, String user) {
        JsonNode root;
        try {
            root = YamlJson.parse(file,
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException e) {
            throw StepFailure.of(file + " is not UTF-8");
        } catch (YamlRefusedException e) {
            throw StepFailure.of(String.valueOf(e.getMessage()));
        }
        return new Reading(file, user).action(root);
    }

    private record Reading(String file, String user) {
        ActionFile action(@Nullable JsonNode root) {
            if (root == null || !root.path("runs").isObject()) {
                throw wrong("runs is missing");
            }
            JsonNode runs = root.path("runs");
            String using = text(runs, "using", "runs.using");
            if (!using.equals("composite")) {
                throw wrong("runs.using is " + (using.isEmpty() ? "missing" : using)
                        + ", and only composite actions can be run here");
            }
            JsonNode steps = runs.path("steps");
            if (!steps.isArray() || steps.size() > MOST_STEPS) {
                throw wrong("runs.steps must be a list of at most " + MOST_STEPS + " steps");
            }
            Map<String, Input> inputs = new LinkedHashMap<>();
            entries(root.path("inputs"), "inputs").forEach((name, told) -> inputs.put(name, input(name, told)));
            Map<String, String> outputs = new LinkedHashMap<>();
            entries(root.path("outputs"), "outputs").forEach(
                    (name, told) -> outputs.put(name, text(told, "value", "outputs." + name + ".value")));
            return new ActionFile(inputs, outputs,
                    IntStream.range(0, steps.size()).mapToObj(i -> step(i, steps.get(i))).toList());
        }

        private Input input(String name, JsonNode told) {
            String place = "inputs." + name;
            return new Input(isTrue(text(told, "required", place + ".required"), place + ".required"),
                    told.path("default").isString() ? text(told, "default", place + ".default") : null);
        }

        private JobStep step(int index, JsonNode told) {
            String place = "runs.steps[" + index + "]";
            entries(told, place).keySet().stream().filter(key -> !STEP_KEYS.contains(key)).findFirst()
                    .ifPresent(key -> {
                        throw wrong(place + "." + key + " is not a key that is known here");
                    });
            String run = text(told, "run", place + ".run");
            String uses = text(told, "uses", place + ".uses").strip();
            String shell = text(told, "shell", place + ".shell").strip();
            if (told.path("run").isString() == told.path("uses").isString()) {
                throw wrong(place + " must have one of run and uses");
            }
            if (told.path("run").isString() && !SHELLS.contains(shell)) {
                throw wrong(place + ".shell must be bash, sh or python");
            }
            return new JobStep(user + "." + (index + 1), text(told, "id", place + ".id"),
                    text(told, "name", place + ".name"), text(told, "if", place + ".if"), run, shell, uses,
                    text(told, "working-directory", place + ".working-directory"),
                    texts(told.path("env"), place + ".env"), texts(told.path("with"), place + ".with"),
                    isTrue(text(told, "continue-on-error", place + ".continue-on-error"),
                            place + ".continue-on-error"),
                    null);
        }

        private Map<String, JsonNode> entries(JsonNode object, String place) {
            if (object.isMissingNode() || object.isNull()) {
                return Map.of();
            }
            if (!object.isObject() || object.size() > MOST_ENTRIES) {
                throw wrong(place + " must have names with values, at most " + MOST_ENTRIES);
            }
            Map<String, JsonNode> entries = new LinkedHashMap<>();
            object.properties().forEach(each -> entries.put(each.getKey(), each.getValue()));
            return entries;
        }

        private Map<String, String> texts(JsonNode object, String place) {
            Map<String, String> texts = new LinkedHashMap<>();
            entries(object, place).keySet().forEach(name -> texts.put(name, text(object, name, place + "." + name)));
            return texts;
        }

        /** Empty when it is missing or nothing. */
        private String text(JsonNode object, String key, String place) {
            JsonNode node = object.path(key);
            if (!node.isString() && !node.isNull() && !node.isMissingNode()) {
                throw wrong(place + " must be a text");
            }
            return node.isString() ? node.stringValue() : "";
        }

        private boolean isTrue(String word, String place) {
            return switch (word) {
                case "true" -> true;
                case "false", "" -> false;
                default -> throw wrong(place + " must be true or false");
            };
        }

        private StepFailure wrong(String what) {
            return StepFailure.of(file + ": " + what);
        }
    }
}
