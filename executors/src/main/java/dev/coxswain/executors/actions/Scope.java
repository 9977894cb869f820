package dev.coxswain.executors.actions;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.actions.expression.Context;
import dev.coxswain.executors.actions.expression.ExpressionException;
import dev.coxswain.executors.actions.expression.Template;
import dev.coxswain.executors.actions.expression.Value;

/**
 * What the steps of one list see: the job's own, or those of an action that one of them uses (contract shithub-actions 14).
 * Each step sees what the ones before it left.
 */
final class Scope {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Map<String, Value> contexts;
    private final JobState state;
    private final StepResults results;
    /** Raw. */
    private final Map<String, String> jobEnv;
    private final @Nullable Scope around;
    /** What the step that uses the action sets. */
    private final Map<String, Value> given;
    private final int depth;

    private Scope(Map<String, Value> contexts, JobState state, StepResults results, Map<String, String> jobEnv,
            @Nullable Scope around, Map<String, Value> given) {
        this.contexts = contexts;
        this.state = state;
        this.results = results;
        this.jobEnv = jobEnv;
        this.around = around;
        this.given = given;
        this.depth = around == null ? 0 : around.depth + 1;
    }

    /** @param workspace the folder of the job's steps, as they see it */
    static Scope ofJob(JobDocument job, String workspace, JobState state) {
        return new Scope(Contexts.of(job, workspace), state, state.results(), job.env(), null, Map.of());
    }

    /**
     * Of an action that a step of this list uses.
     *
     * @param folder of the action, as its steps see it
     * @param variables that the step sets
     */
    Scope ofAction(String folder, Map<String, Value> inputs, Map<String, Value> variables) {
        return new Scope(Contexts.ofAction(contexts, folder, inputs), state, new StepResults(), jobEnv, this,
                variables);
    }

    /** How many actions the list is in. */
    int depth() {
        return depth;
    }

    /** What its steps came to. */
    StepResults results() {
        return results;
    }

    /** What the job's own condition sees. */
    Context ofJobCondition() {
        return new Context(Value.fields(contexts), Context.Status.SUCCESS);
    }

    /**
     * What a step's condition sees: not yet the step's own environment.
     *
     * @throws StepFailure when a variable of the job can't be made
     */
    Context ofCondition() {
        return plain().with("env", Value.fields(variables()));
    }

    /**
     * What a step sees, with its environment: the job's, what earlier steps set, and the step's own, the later before the
     * earlier.
     *
     * @throws StepFailure when a variable can't be made
     */
    Context ofStep(Map<String, String> own) {
        Context context = ofCondition();
        Map<String, Value> environment = new LinkedHashMap<>(environment(context));
        render(own, context, environment);
        return context.with("env", Value.fields(environment));
    }

    private Context plain() {
        return new Context(Value.fields(contexts), results.status()).with("steps", results.values())
                .with("job", Value.fields(Map.of("status",
                        Value.text(state.results().status().name().toLowerCase(Locale.ROOT)))))
                .with("env", Value.fields(Map.of()));
    }

    private Map<String, Value> variables() {
        Map<String, Value> variables = new LinkedHashMap<>();
        if (around == null) {
            render(jobEnv, plain(), variables);
            state.variables().forEach((name, value) -> variables.put(name, Value.foreign(value)));
        } else {
            variables.putAll(around.variables());
            variables.putAll(given);
        }
        return variables;
    }

    private static void render(Map<String, String> raw, Context context, Map<String, Value> into) {
        raw.forEach((name, text) -> {
            if (!VARIABLE.matcher(name).matches() || name.startsWith(Template.BOUND)) {
                throw StepFailure
                        .of("no variable can have the name " + name + ": allowed are letters, digits and _, and no "
                                + Template.BOUND + " at the beginning");
            }
            Value.Text value = text("env " + name, text, context);
            if (value.text().indexOf('\0') >= 0) {
                throw StepFailure.of("env " + name + " holds a NUL character, which no process can be given");
            }
            into.put(name, value);
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
    static Value.Text text(String key, String raw, Context context) {
        try {
            return Template.parse(raw).text(context);
        } catch (ExpressionException e) {
            throw StepFailure.of(key + ": " + e.getMessage());
        }
    }
}
