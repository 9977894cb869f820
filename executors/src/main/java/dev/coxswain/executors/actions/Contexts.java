package dev.coxswain.executors.actions;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.ExpressionException;
import dev.coxswain.executors.actions.expression.Json;
import dev.coxswain.executors.actions.expression.Template;
import dev.coxswain.executors.actions.expression.Value;

/**
 * What expressions of a job see (contract shithub-actions 14). Trusted are the repository's own texts, its secrets and
 * variables, and facts of the control plane that are plain words; all else is tainted.
 */
final class Contexts {
    /** A branch may be named {@code $(id)} by whoever may push one. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./@+:-]*");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final JobDocument job;
    private final Map<String, Value> fixed = new LinkedHashMap<>();

    /** @param workspace the folder of the job's steps, as they see it */
    Contexts(JobDocument job, String workspace) {
        this.job = job;
        Value event = Json.value(job.event(), true);
        Value github = github(workspace, event);
        fixed.put("github", github);
        fixed.put("shithub", github);
        fixed.put("secrets", Value.required("secret", texts(job.secrets())));
        fixed.put("vars", Value.fields(texts(job.variables())));
        fixed.put("needs", needs());
        fixed.put("inputs", inputs(event));
        fixed.put("matrix", Value.fields(Map.of()));
        fixed.put("strategy", Value.fields(Map.of()));
        fixed.put("runner", runner(workspace));
    }

    private Value github(String workspace, Value event) {
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

    private static Value fact(String text) {
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
    private Value needs() {
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

    /** What the job's own condition sees. */
    Context ofJob() {
        return new Context(Value.fields(fixed), Context.Status.SUCCESS);
    }

    /**
     * What a step sees, with its environment: the job's, what earlier steps set, and the step's own, the later before the
     * earlier.
     *
     * @throws StepFailure when a variable can't be made
     */
    Context ofStep(JobState state, Map<String, String> own) {
        Context context = ofCondition(state);
        Map<String, Value> environment = new LinkedHashMap<>(environment(context));
        if (own.isEmpty()) {
            return context;
        }
        render(own, context, environment);
        return context.with("env", Value.fields(environment));
    }

    /** What a step's condition sees: not yet the step's own environment. */
    Context ofCondition(JobState state) {
        Context context = new Context(Value.fields(fixed), state.status()).with("steps", state.steps())
                .with("job", Value.fields(Map.of("status", Value.text(state.status().name().toLowerCase(Locale.ROOT)))))
                .with("env", Value.fields(Map.of()));
        Map<String, Value> environment = new LinkedHashMap<>();
        render(job.env(), context, environment);
        state.variables().forEach((name, value) -> environment.put(name, Value.foreign(value)));
        return context.with("env", Value.fields(environment));
    }

    private static void render(Map<String, String> raw, Context context, Map<String, Value> into) {
        raw.forEach((name, text) -> {
            if (!VARIABLE.matcher(name).matches() || name.startsWith(Template.BOUND)) {
                throw StepFailure
                        .of("no variable can have the name " + name + ": allowed are letters, digits and _, and no "
                                + Template.BOUND + " at the beginning");
            }
            try {
                Value.Text value = Template.parse(text).text(context);
                if (value.text().indexOf('\0') >= 0) {
                    throw StepFailure.of("env " + name + " holds a NUL character, which no process can be given");
                }
                into.put(name, value);
            } catch (ExpressionException e) {
                throw StepFailure.of("env " + name + ": " + e.getMessage());
            }
        });
    }

    /** The variables in a context, by name. */
    static Map<String, Value> environment(Context context) {
        return context.names().fields().get("env") instanceof Value.Fields env ? env.fields() : Map.of();
    }

    /**
     * A text of a step with its expressions worked out.
     *
     * @param key of it, for the message
     * @throws StepFailure when it can't be
     */
    static String text(String key, String raw, Context context) {
        try {
            return Template.parse(raw).text(context).text();
        } catch (ExpressionException e) {
            throw StepFailure.of(key + ": " + e.getMessage());
        }
    }
}
