package dev.coxswain.executors.actions.expression;

import java.util.List;
import java.util.Random;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for every expression, and for every text that is none. */
class ExpressionPropertiesTest {
    private static final String[] WORDS = {"github", ".", "event", "[", "]", "(", ")", "'", "''", "0", "1e9", "-", "+",
            "0x",
            "&&", "||", "|", "&", "!", "==", "<", "=", ",", "*", "contains(", "format(", "fromJSON('{", "always()",
            "}}",
            "${{", " ", "\n", "\u0000", "ü", "secrets", "null", "NaN", "{0}", "\""};

    private static final Value[] LITERALS = {new Value.Text("it's {0}", false), new Value.Text("", false),
            new Value.Text("[1, \"a\"]", false), new Value.Text("title", false), new Value.Num(0, false),
            new Value.Num(-1.5, false), new Value.Num(1e300, false), new Value.Num(Double.NaN, false),
            new Value.Num(Double.NEGATIVE_INFINITY, false), Value.Null.NOTHING, new Value.Bool(true, false)};

    @Property(tries = 200)
    void anyTextIsReadOrRefused(@ForAll("noise") String text) {
        try {
            Template template = Template.parse("a ${{" + text + "}} b");
            template.script(Worlds.context());
        } catch (ExpressionException e) {
            assertThat(e).hasMessageStartingWith("line ");
        }
        try {
            Condition.parse(text).holds(Worlds.context());
        } catch (ExpressionException e) {
            assertThat(e).hasMessageStartingWith("line ");
        }
    }

    @Property(tries = 200)
    void whatIsPrintedIsReadAsTheSame(@ForAll("expressions") Expression expression) {
        String text = Printer.print(expression);
        Expression again = Parser.parse(text, 0, text.length());

        assertThat(Printer.print(again)).isEqualTo(text);
        assertThat(outcome(again)).isEqualTo(outcome(expression));
    }

    /** A value, or an error of ours. */
    private static String outcome(Expression expression) {
        try {
            Value value = new Evaluator(Worlds.context()).value(expression);
            return Coercion.text(value) + value.deeplyTainted();
        } catch (ExpressionException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Property(tries = 200)
    void noScriptHoldsAStrangersText(@ForAll("expressions") Expression one, @ForAll("expressions") Expression other) {
        try {
            Template.Script script = Template
                    .parse("a ${{ " + Printer.print(one) + " }}${{" + Printer.print(other) + "}}")
                    .script(Worlds.context());

            assertThat(script.text()).doesNotContainIgnoringCase(Worlds.MARK);
            assertThat(script.bound().keySet()).allMatch(name -> script.text().contains("${" + name + "}"));
        } catch (ExpressionException e) {
            assertThat(e.getMessage()).doesNotContainIgnoringCase(Worlds.MARK);
        }
    }

    @Provide
    Arbitrary<String> noise() {
        return Arbitraries.of(WORDS).list().ofMaxSize(30).map(words -> String.join("", words));
    }

    /** Of bounded height, each from its seed: a recursive arbitrary would look for the edge cases of all of them at once. */
    @Provide
    Arbitrary<Expression> expressions() {
        return Arbitraries.longs().withoutEdgeCases().map(seed -> expression(new Random(seed), 4));
    }

    private static Expression expression(Random random, int height) {
        if (height == 0 || random.nextInt(5) == 0) {
            return leaf(random);
        }
        Expression one = expression(random, height - 1);
        return switch (random.nextInt(8)) {
            case 0 ->
                new Expression.Property(one, pick(random, "event", "title", "token", "labels", "name", "x-1", "_"), 0);
            case 1 -> new Expression.Index(one, expression(random, height - 1), 0);
            case 2 -> new Expression.Star(one, 0);
            case 3 -> new Expression.Not(one, 0);
            case 4 -> new Expression.Compare(pick(random, Expression.Comparison.values()), one,
                    expression(random, height - 1), 0);
            case 5 -> new Expression.All(List.of(one, expression(random, height - 1)), 0);
            case 6 -> new Expression.Any(List.of(one, expression(random, height - 1), leaf(random)), 0);
            default -> {
                Function function = pick(random, Function.values());
                List<Expression> two = List.of(one, expression(random, height - 1));
                yield new Expression.Call(function, two.subList(0, function.takes(2) ? 2 : function.takes(1) ? 1 : 0),
                        0);
            }
        };
    }

    private static Expression leaf(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> new Expression.Literal(pick(random, LITERALS), 0);
            case 1 -> new Expression.Name(pick(random, "github", "env", "vars", "secrets", "shithub"), 0);
            default -> new Expression.Property(new Expression.Property(new Expression.Name("github", 0), "event", 0),
                    pick(random, "title", "labels", "wicked", "number"), 0);
        };
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }
}
