package dev.coxswain.executors.actions.expression;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an expression sees.
 *
 * @param names the contexts, such as {@code github} and {@code env}
 * @param status how the job goes
 */
public record Context(Value.Fields names, Status status) {
    /** How a job goes. */
    public enum Status {
        /** no step has failed */
        SUCCESS,
        /** one has */
        FAILURE,
        /** it is being stopped */
        CANCELLED
    }

    /** The same with one more context, or another one in its place. */
    public Context with(String name, Value value) {
        Map<String, Value> more = new LinkedHashMap<>(names.fields());
        more.put(name, value);
        return new Context(Value.fields(more), status);
    }

    /** Hides all values. */
    @Override
    public String toString() {
        return "Context[" + names.fields().keySet() + ", " + status + "]";
    }
}
