package dev.coxswain.executors.actions.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A text with expressions in it, each between {@code ${{} and {@code }}}. It becomes a text, or a script: then no tainted value
 * is a part of it, but comes in a variable that the script names (contract shithub-actions 14).
 */
public final class Template {
    /** The names of variables that hold tainted values begin with this; nobody else may set such. */
    public static final String BOUND = "SHITHUB_INPUT_";

    private static final String OPEN = "${{";
    private static final String CLOSE = "}}";
    private static final int MOST_EXPRESSIONS = 500;

    private final String source;
    private final List<Part> parts;

    private sealed interface Part {
        record Plain(String text) implements Part {}

        record Computed(Expression expression) implements Part {}
    }

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads a text.
     *
     * @throws ExpressionException when an expression in it is none
     */
    public static Template parse(String source) {
        try {
            return new Template(source, cut(source));
        } catch (ExpressionException e) {
            throw e.in(source);
        }
    }

    private static List<Part> cut(String source) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        int open = source.indexOf(OPEN);
        while (open >= 0) {
            parts.add(new Part.Plain(source.substring(from, open)));
            int close = close(source, open);
            parts.add(new Part.Computed(Parser.parse(source, open + OPEN.length(), close)));
            if (parts.size() > 2 * MOST_EXPRESSIONS) {
                throw new ExpressionException("there are more than " + MOST_EXPRESSIONS + " expressions", open);
            }
            from = close + CLOSE.length();
            open = source.indexOf(OPEN, from);
        }
        parts.add(new Part.Plain(source.substring(from)));
        return parts;
    }

    /** Where an expression ends; what closes it may also stand within a text of it. */
    static int close(String source, int open) {
        boolean quoted = false;
        for (int i = open + OPEN.length(); i < source.length(); i++) {
            if (source.charAt(i) == '\'') {
                quoted = !quoted;
            } else if (!quoted && source.startsWith(CLOSE, i)) {
                return i;
            }
        }
        throw new ExpressionException("this ${{ has no }}", open);
    }

    /**
     * The text, tainted when a value in it is.
     *
     * @throws ExpressionException when an expression has no value
     */
    public Value.Text text(Context context) {
        StringBuilder text = new StringBuilder();
        boolean[] tainted = new boolean[1];
        walk(context, text, value -> {
            tainted[0] |= value.deeplyTainted();
            return Coercion.text(value);
        });
        return new Value.Text(text.toString(), tainted[0]);
    }

    /**
     * The script, and the variables that it is to be run with.
     *
     * @throws ExpressionException when an expression has no value, or one that no variable can hold
     */
    public Script script(Context context) {
        StringBuilder text = new StringBuilder();
        Map<String, String> bound = new LinkedHashMap<>();
        walk(context, text, value -> {
            if (!value.deeplyTainted()) {
                return Coercion.text(value);
            }
            String name = BOUND + bound.size();
            bound.put(name, Coercion.text(value));
            return "${" + name + "}";
        });
        return new Script(text.toString(), Collections.unmodifiableMap(bound));
    }

    private void walk(Context context, StringBuilder text, java.util.function.Function<Value, String> write) {
        Evaluator evaluator = new Evaluator(context);
        try {
            for (Part part : parts) {
                switch (part) {
                    case Part.Plain(var plain) -> text.append(plain);
                    case Part.Computed(var expression) -> {
                        Value value = evaluator.value(expression);
                        String made = write.apply(value);
                        if (Coercion.text(value).indexOf('\0') >= 0) {
                            throw new ExpressionException("this value holds a NUL character, which no process can be "
                                    + "given", expression.at());
                        }
                        text.append(made);
                        Limits.check(text.length() - source.length(), expression.at());
                    }
                }
            }
        } catch (ExpressionException e) {
            throw e.in(source);
        }
    }

    /**
     * A script that holds no tainted value.
     *
     * @param bound the tainted values that it names, by variable
     */
    public record Script(String text, Map<String, String> bound) {
        /** Shows no value. */
        @Override
        public String toString() {
            return "Script[" + bound.keySet() + "]";
        }
    }
}
