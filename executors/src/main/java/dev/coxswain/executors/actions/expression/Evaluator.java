package dev.coxswain.executors.actions.expression;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Walks down a tree of bounded height. A result is tainted when anything that it depended on was. */
final class Evaluator {
    private final Context context;
    private final Functions functions;

    Evaluator(Context context) {
        this.context = context;
        this.functions = new Functions(context.status());
    }

    /**
     * The value of an expression.
     *
     * @throws ExpressionException when it has none
     */
    Value value(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> named(name);
            case Expression.Property property -> property(value(property.of()), property.name(), property.at());
            case Expression.Index index -> index(value(index.of()), value(index.index()), index.at());
            case Expression.Star star -> spread(value(star.of()));
            case Expression.Not not -> {
                Value of = value(not.of());
                yield new Value.Bool(!Coercion.isTrue(of), of.deeplyTainted());
            }
            case Expression.Compare compare -> {
                Value left = value(compare.left());
                Value right = value(compare.right());
                yield new Value.Bool(Coercion.compare(compare.how(), left, right),
                        left.deeplyTainted() || right.deeplyTainted());
            }
            case Expression.All all -> firstThatIs(false, all.parts());
            case Expression.Any any -> firstThatIs(true, any.parts());
            case Expression.Call call -> functions.call(call, call.parts().stream().map(this::value).toList());
        };
    }

    private Value named(Expression.Name name) {
        Value value = context.names().get(name.name());
        if (value == null) {
            throw new ExpressionException("there is no context " + name.name() + " here; there are "
                    + String.join(", ", context.names().fields().keySet()), name.at());
        }
        return value;
    }

    /** What was looked at on the way decided as well. */
    private Value firstThatIs(boolean wanted, List<Expression> parts) {
        boolean tainted = false;
        Value value = Value.Null.NOTHING;
        for (Expression each : parts) {
            value = value(each);
            tainted |= value.deeplyTainted();
            if (Coercion.isTrue(value) == wanted) {
                break;
            }
        }
        return value.tainted(tainted);
    }

    private Value property(Value of, String name, int at) {
        return switch (of) {
            case Value.Fields fields -> field(fields, name, at);
            case Value.Items items when items.spread() -> {
                List<Value> found = new ArrayList<>();
                for (Value each : items.items()) {
                    Value value = each instanceof Value.Fields fields ? fields.get(name) : null;
                    if (value != null) {
                        found.add(value);
                    }
                }
                yield new Value.Items(found, items.deeplyTainted(), true);
            }
            case Value.Items items -> new Value.Null(items.tainted());
            case Value.Null none -> none;
            case Value.Bool bool -> new Value.Null(bool.tainted());
            case Value.Num num -> new Value.Null(num.tainted());
            case Value.Text text -> new Value.Null(text.tainted());
        };
    }

    private static Value field(Value.Fields fields, String name, int at) {
        Value value = fields.get(name);
        String missing = fields.missing();
        if (value == null && missing != null) {
            throw new ExpressionException("there is no " + missing + " " + printable(name), at);
        }
        return value == null ? new Value.Null(fields.tainted()) : value.tainted(fields.tainted());
    }

    /** A name may be computed, even from a stranger's text. */
    private static String printable(String name) {
        return name.matches("[A-Za-z0-9_-]{1,100}") ? name : "of this name";
    }

    private Value index(Value of, Value index, int at) {
        boolean tainted = index.deeplyTainted();
        if (of instanceof Value.Items items && !(items.spread() && index instanceof Value.Text)) {
            Value item = item(items, Coercion.number(index));
            return (item == null ? Value.Null.NOTHING : item).tainted(tainted || items.tainted());
        }
        return property(of, Coercion.text(index), at).tainted(tainted);
    }

    private static @Nullable Value item(Value.Items items, double number) {
        boolean in = number >= 0 && number < items.items().size();
        return in ? items.items().get((int) number) : null;
    }

    private static Value spread(Value of) {
        return switch (of) {
            case Value.Items items when items.spread() -> {
                List<Value> all = new ArrayList<>();
                items.items().forEach(each -> all.addAll(((Value.Items) spread(each)).items()));
                yield new Value.Items(all, items.tainted(), true);
            }
            case Value.Items items -> new Value.Items(items.items(), items.tainted(), true);
            case Value.Fields fields -> new Value.Items(List.copyOf(fields.fields().values()), fields.tainted(), true);
            case Value.Null none -> new Value.Items(List.of(), none.tainted(), true);
            case Value.Bool bool -> new Value.Items(List.of(), bool.tainted(), true);
            case Value.Num num -> new Value.Items(List.of(), num.tainted(), true);
            case Value.Text text -> new Value.Items(List.of(), text.tainted(), true);
        };
    }
}
