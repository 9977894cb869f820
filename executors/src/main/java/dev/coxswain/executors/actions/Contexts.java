package dev.coxswain.executors.actions;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import dev.coxswain.executors.actions.expression.Json;
import dev.coxswain.executors.actions.expression.Value;

/**
 * The contexts of a job that stay the same to its end (contract shithub-actions 14). Trusted are the repository's own texts, its
 * secrets and variables, and facts of the control plane that are plain words; all else is tainted.
 */
final class Contexts {
    /** A branch may be named {@code $(id)} by whoever may push one. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./@+:-]*");

    private Contexts() {}

    /** @param workspace the folder of the job's steps, as they see it */
    static Map<String, Value> of(JobDocument job, String workspace) {
        Map<String, Value> contexts = new LinkedHashMap<>();
        Value event = Json.value(job.event(), true);
        Value github = github(job, workspace, event);
        contexts.put("github", github);
        contexts.put("shithub", github);
        contexts.put("secrets", Value.required("secret", texts(job.secrets())));
        contexts.put("vars", Value.fields(texts(job.variables())));
        contexts.put("needs", needs(job));
        contexts.put("inputs", inputs(event));
        contexts.put("matrix", Value.fields(Map.of()));
        contexts.put("strategy", Value.fields(Map.of()));
        contexts.put("runner", runner(workspace));
        return Collections.unmodifiableMap(contexts);
    }

    /**
     * The same for the steps of an action: they get no secrets but those that are given to them.
     *
     * @param folder of the action, as its steps see it
     */
    static Map<String, Value> ofAction(Map<String, Value> around, String folder, Map<String, Value> inputs) {
        Map<String, Value> contexts = new LinkedHashMap<>(around);
        contexts.remove("secrets");
        Map<String, Value> facts = around.get("github") instanceof Value.Fields github
                ? new LinkedHashMap<>(github.fields())
                : new LinkedHashMap<>();
        facts.put("action_path", fact(folder));
        contexts.put("github", Value.fields(facts));
        contexts.put("shithub", Value.fields(facts));
        contexts.put("inputs", Value.fields(inputs));
        return Collections.unmodifiableMap(contexts);
    }

    private static Value github(JobDocument job, String workspace, Value event) {
        Map<String, Value> facts = new LinkedHashMap<>();
        String ref = job.fact("head_ref");
        facts.put("sha", fact(job.fact("head_sha")));
        facts.put("ref", fact(ref));
        facts.put("ref_name", fact(ref.replaceFirst("^refs/(?:heads|tags)/", "")));
        facts.put("event_name", fact(job.fact("event")));
        facts.put("run_id", fact(job.fact("run_id")));
        facts.put("run_number", fact(job.fact("run_index")));
        facts.put("job", fact(job.fact("job_key")));
        facts.put("workflow", fact(job.fact("workflow_name")));
        facts.put("repository", fact(repository(job.fact("checkout_url"))));
        facts.put("actor", fact(job.event().path("actor").asString("")));
        facts.put("workspace", Value.text(workspace));
        facts.put("event", event);
        return Value.fields(facts);
    }

    /** Trusted when it is a plain word. */
    static Value fact(String text) {
        return new Value.Text(text, !PLAIN.matcher(text).matches());
    }

    private static String repository(String url) {
        try {
            String path = url.isEmpty() ? "" : String.valueOf(URI.create(url).getPath());
            return path.replaceFirst("^/+", "").replaceFirst("\\.git$", "");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Only what was told: the names of jobs that have all ended well, else this one could not be claimed. */
    private static Value needs(JobDocument job) {
        Map<String, Value> needs = new LinkedHashMap<>();
        job.needs().forEach(each -> needs.put(each, Value.fields(Map.of("result", Value.text("success"), "outputs",
                Value.fields(Map.of())))));
        return Value.fields(needs);
    }

    private static Value inputs(Value event) {
        Value inputs = event instanceof Value.Fields fields ? fields.fields().get("inputs") : null;
        return inputs instanceof Value.Fields ? inputs : new Value.Fields(Map.of(), true, null);
    }

    private static Value runner(String workspace) {
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return Value.fields(Map.of("os", Value.text(System.getProperty("os.name", "").startsWith("Mac")
                ? "macOS"
                : "Linux"), "arch", Value.text(arch.equals("aarch64") || arch.equals("arm64") ? "ARM64" : "X64"),
                "workspace", Value.text(workspace)));
    }

    private static Map<String, Value> texts(Map<String, String> texts) {
        Map<String, Value> values = new LinkedHashMap<>();
        texts.forEach((name, text) -> values.put(name, Value.text(text)));
        return values;
    }
}
