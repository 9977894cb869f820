package dev.coxswain.executors.actions.expression;

import java.util.stream.Collectors;

/** Writes a tree as a text that means the same, with no more parentheses than needed and one way only to write each thing. */
final class Printer {
    private static final int ANY = 0;
    private static final int ALL = 1;
    private static final int EQUALITY = 2;
    private static final int ORDER = 3;
    private static final int NOT = 4;
    private static final int ACCESS = 5;

    private Printer() {}

    static String print(Expression expression) {
        return print(expression, ANY);
    }

    private static String print(Expression expression, int binding) {
        String text = switch (expression) {
            case Expression.Literal literal -> literal(literal.value());
            case Expression.Name name -> name.name();
            case Expression.Property property -> print(property.of(), ACCESS) + "." + property.name();
            case Expression.Index index -> print(index.of(), ACCESS) + "[" + print(index.index(), ANY) + "]";
            case Expression.Star star -> print(star.of(), ACCESS) + ".*";
            case Expression.Not not -> "!" + print(not.of(), NOT);
            case Expression.Compare compare -> print(compare.left(), binding(compare)) + " " + compare.how().sign()
                    + " " + print(compare.right(), binding(compare) + 1);
            case Expression.All all -> all.parts().stream().map(each -> print(each, ALL + 1))
                    .collect(Collectors.joining(" && "));
            case Expression.Any any -> any.parts().stream().map(each -> print(each, ANY + 1))
                    .collect(Collectors.joining(" || "));
            case Expression.Call call -> call.function().word() + call.parts().stream().map(each -> print(each, ANY))
                    .collect(Collectors.joining(", ", "(", ")"));
        };
        return binding(expression) < binding ? "(" + text + ")" : text;
    }

    private static int binding(Expression expression) {
        return switch (expression) {
            case Expression.Any any -> ANY;
            case Expression.All all -> ALL;
            case Expression.Compare compare -> switch (compare.how()) {
                case EQUAL, UNEQUAL -> EQUALITY;
                case LESS, AT_MOST, MORE, AT_LEAST -> ORDER;
            };
            case Expression.Not not -> NOT;
            // a point after a number is a part of it
            case Expression.Literal literal -> literal.value() instanceof Value.Num ? NOT : ACCESS;
            case Expression.Name name -> ACCESS;
            case Expression.Property property -> ACCESS;
            case Expression.Index index -> ACCESS;
            case Expression.Star star -> ACCESS;
            case Expression.Call call -> ACCESS;
        };
    }

    private static String literal(Value value) {
        return switch (value) {
            case Value.Null none -> "null";
            case Value.Bool bool -> Boolean.toString(bool.is());
            case Value.Num num -> number(num.number());
            case Value.Text text -> "'" + text.text().replace("'", "''") + "'";
            case Value.Items items -> throw new IllegalStateException("no literal is a list");
            case Value.Fields fields -> throw new IllegalStateException("no literal is an object");
        };
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
