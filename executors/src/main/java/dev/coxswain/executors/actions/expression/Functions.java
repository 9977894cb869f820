package dev.coxswain.executors.actions.expression;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the functions do. */
final class Functions {
    private final Context.Status status;

    Functions(Context.Status status) {
        this.status = status;
    }

    /** The value of a call; tainted when an argument is. */
    Value call(Expression.Call call, List<Value> arguments) {
        boolean tainted = arguments.stream().anyMatch(Value::deeplyTainted);
        int at = call.at();
        return switch (call.function()) {
            case SUCCESS -> bool(status == Context.Status.SUCCESS, tainted);
            case FAILURE -> bool(status == Context.Status.FAILURE, tainted);
            case ALWAYS -> bool(true, tainted);
            case CANCELLED -> bool(status == Context.Status.CANCELLED, tainted);
            case CONTAINS -> bool(contains(arguments.get(0), arguments.get(1)), tainted);
            case STARTS_WITH -> bool(isText(arguments) && lower(arguments.get(0)).startsWith(lower(arguments.get(1))),
                    tainted);
            case ENDS_WITH -> bool(isText(arguments) && lower(arguments.get(0)).endsWith(lower(arguments.get(1))),
                    tainted);
            case FORMAT -> new Value.Text(format(arguments, at), tainted);
            case JOIN -> new Value.Text(join(arguments, at), tainted);
            case TO_JSON -> new Value.Text(Json.write(arguments.get(0), at), tainted);
            case FROM_JSON -> Json.read(Coercion.text(arguments.get(0)), tainted, at);
        };
    }

    private static Value bool(boolean is, boolean tainted) {
        return new Value.Bool(is, tainted);
    }

    /** Whether none of them is a list or an object, which have no text to look into. */
    private static boolean isText(List<Value> values) {
        return values.stream().noneMatch(each -> each instanceof Value.Items || each instanceof Value.Fields);
    }

    private static String lower(Value value) {
        return Coercion.text(value).toLowerCase(Locale.ROOT);
    }

    private static boolean contains(Value in, Value what) {
        return in instanceof Value.Items items
                ? items.items().stream().anyMatch(each -> Coercion.equal(each, what))
                : isText(List.of(in, what)) && lower(in).contains(lower(what));
    }

    private static String join(List<Value> arguments, int at) {
        String between = arguments.size() < 2 ? "," : Coercion.text(arguments.get(1));
        if (!(arguments.get(0) instanceof Value.Items items)) {
            return isText(arguments.subList(0, 1)) ? Coercion.text(arguments.get(0)) : "";
        }
        long length = 0;
        for (Value each : items.items()) {
            length += Coercion.text(each).length() + (long) between.length();
            Limits.check(length, at);
        }
        return items.items().stream().map(Coercion::text).collect(Collectors.joining(between));
    }

    /** {@code {0}} is the first argument after this text; doubled braces are braces. */
    private static String format(List<Value> arguments, int at) {
        String form = Coercion.text(arguments.get(0));
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < form.length()) {
            char c = form.charAt(i);
            boolean doubled = i + 1 < form.length() && form.charAt(i + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                text.append(c);
                i += 2;
            } else if (c == '{') {
                int end = form.indexOf('}', i);
                text.append(Coercion.text(argument(arguments, end < 0 ? "" : form.substring(i + 1, end), at)));
                i = end + 1;
            } else if (c == '}') {
                throw new ExpressionException("format got a text with a } that closes nothing; }} is a brace", at);
            } else {
                text.append(c);
                i++;
            }
            Limits.check(text.length(), at);
        }
        return text.toString();
    }

    private static Value argument(List<Value> arguments, String number, int at) {
        int index = number.matches("\\d{1,3}") ? Integer.parseInt(number) + 1 : arguments.size();
        if (index >= arguments.size()) {
            throw new ExpressionException("format got a text that names an argument which there is not; {{ is a brace",
                    at);
        }
        return arguments.get(index);
    }
}
