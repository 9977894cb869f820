package dev.coxswain.executors.actions.expression;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What an expression is worth. A tainted value depends on a text that a stranger may have written (a title, the name of a
 * branch, the output of a step that saw one): it never becomes part of a script (contract shithub-actions 14, trap 29).
 */
public sealed interface Value {
    /** Whether this itself depends on a stranger's text; of what it contains, {@link #deeplyTainted()} tells. */
    boolean tainted();

    /** The same, tainted if it was or {@code more} says so. */
    Value tainted(boolean more);

    /** Whether this or anything in it is tainted. */
    default boolean deeplyTainted() {
        return tainted();
    }

    /** Nothing. */
    record Null(boolean tainted) implements Value {
        /** As of a name that there is not. */
        public static final Null NOTHING = new Null(false);

        @Override
        public Value tainted(boolean more) {
            return more ? new Null(true) : this;
        }
    }

    /** Yes or no. */
    record Bool(boolean is, boolean tainted) implements Value {
        @Override
        public Value tainted(boolean more) {
            return more ? new Bool(is, true) : this;
        }
    }

    /** A number; there is one kind only. */
    record Num(double number, boolean tainted) implements Value {
        @Override
        public Value tainted(boolean more) {
            return more ? new Num(number, true) : this;
        }
    }

    /** A text. */
    record Text(String text, boolean tainted) implements Value {
        @Override
        public Value tainted(boolean more) {
            return more ? new Text(text, true) : this;
        }

        /** Shows nothing: it may be a secret. */
        @Override
        public String toString() {
            return "Text[" + text.length() + " characters]";
        }
    }

    /**
     * A list.
     *
     * @param spread whether the next property is asked of each of them ({@code .*})
     */
    record Items(List<Value> items, boolean tainted, boolean spread) implements Value {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public Value tainted(boolean more) {
            return more ? new Items(items, true, spread) : this;
        }

        @Override
        public boolean deeplyTainted() {
            return tainted || items.stream().anyMatch(Value::deeplyTainted);
        }
    }

    /**
     * Values with names, in order.
     *
     * @param missing what a name that there is not is called in the error that it is; null where it is only nothing
     */
    record Fields(Map<String, Value> fields, boolean tainted, @Nullable String missing) implements Value {
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public Value tainted(boolean more) {
            return more ? new Fields(fields, true, missing) : this;
        }

        @Override
        public boolean deeplyTainted() {
            return tainted || fields.values().stream().anyMatch(Value::deeplyTainted);
        }

        /** The one of this name, in any case if there is none in this; null when there is none. */
        @Nullable
        Value get(String name) {
            Value exact = fields.get(name);
            if (exact != null) {
                return exact;
            }
            for (Map.Entry<String, Value> each : fields.entrySet()) {
                if (each.getKey().equalsIgnoreCase(name)) {
                    return each.getValue();
                }
            }
            return null;
        }
    }

    /** A trusted text. */
    static Value text(String text) {
        return new Text(text, false);
    }

    /** A text that a stranger may have chosen. */
    static Value foreign(String text) {
        return new Text(text, true);
    }

    /** Named values that may be asked for names that there are not. */
    static Fields fields(Map<String, Value> fields) {
        return new Fields(fields, false, null);
    }

    /** Named values of which a missing one is an error, called {@code what} in it. */
    static Fields required(String what, Map<String, Value> fields) {
        return new Fields(fields, false, what);
    }
}
