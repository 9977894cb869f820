package dev.coxswain.executors.actions.expression;

/**
 * An {@code if}: one expression, with or without {@code ${{ }}} around it. One that does not ask how the job goes holds only
 * while no step has failed; so does one that is empty.
 */
public final class Condition {
    private static final String OPEN = "${{";

    private final String source;
    private final Expression expression;

    private Condition(String source, Expression expression) {
        this.source = source;
        this.expression = expression;
    }

    /**
     * Reads a condition.
     *
     * @throws ExpressionException when it is none
     */
    public static Condition parse(String source) {
        try {
            String text = source.stripTrailing();
            int from = text.length() - text.stripLeading().length();
            int to = text.length();
            if (from == to) {
                return new Condition(source, Parser.parse("true", 0, "true".length()));
            }
            if (text.startsWith(OPEN, from)) {
                int close = Template.close(text, from);
                if (close + 2 != to) {
                    throw new ExpressionException("a condition is one expression: this would be a text, which always "
                            + "holds; put all of it between ${{ and }}", from);
                }
                return new Condition(source, Parser.parse(text, from + OPEN.length(), close));
            }
            return new Condition(source, Parser.parse(text, from, to));
        } catch (ExpressionException e) {
            throw e.in(source);
        }
    }

    /**
     * Whether it holds.
     *
     * @throws ExpressionException when it has no value
     */
    public boolean holds(Context context) {
        boolean implied = expression.asksForStatus() || context.status() == Context.Status.SUCCESS;
        try {
            return implied && Coercion.isTrue(new Evaluator(context).value(expression));
        } catch (ExpressionException e) {
            throw e.in(source);
        }
    }
}
