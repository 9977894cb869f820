package dev.coxswain.executors.actions.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.regex.Pattern;

/** What a value counts as where another kind is asked for, and how two compare: loosely, and texts in any case. */
final class Coercion {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]{1,8}");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]{1,11}");
    private static final int DIGITS = 15;
    private static final double WHOLE_BELOW = 1e15;
    private static final double PLAIN_FROM = 1e-5;
    /** Longer ones are no numbers that anybody wrote. */
    private static final int MOST_NUMBER_CHARS = 400;

    private Coercion() {}

    static boolean isTrue(Value value) {
        return switch (value) {
            case Value.Null none -> false;
            case Value.Bool bool -> bool.is();
            case Value.Num num -> num.number() != 0 && !Double.isNaN(num.number());
            case Value.Text text -> !text.text().isEmpty();
            case Value.Items items -> true;
            case Value.Fields fields -> true;
        };
    }

    static String text(Value value) {
        return switch (value) {
            case Value.Null none -> "";
            case Value.Bool bool -> Boolean.toString(bool.is());
            case Value.Num num -> text(num.number());
            case Value.Text text -> text.text();
            case Value.Items items -> "Array";
            case Value.Fields fields -> "Object";
        };
    }

    /** At most 15 digits, whole numbers without a point. */
    static String text(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.toString(number);
        }
        if (number == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(DIGITS)).stripTrailingZeros();
        double size = Math.abs(number);
        if (size < WHOLE_BELOW && size >= PLAIN_FROM) {
            return rounded.toPlainString();
        }
        String digits = rounded.unscaledValue().toString();
        int sign = digits.startsWith("-") ? 1 : 0;
        int exponent = digits.length() - sign - 1 - rounded.scale();
        String rest = digits.substring(sign + 1);
        return digits.substring(0, sign + 1) + (rest.isEmpty() ? "" : "." + rest) + "E" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    static double number(Value value) {
        return switch (value) {
            case Value.Null none -> 0;
            case Value.Bool bool -> bool.is() ? 1 : 0;
            case Value.Num num -> num.number();
            case Value.Text text -> number(text.text());
            case Value.Items items -> Double.NaN;
            case Value.Fields fields -> Double.NaN;
        };
    }

    /** NaN for what is none. */
    static double number(String text) {
        String word = text.strip();
        if (word.isEmpty()) {
            return 0;
        }
        if (word.length() > MOST_NUMBER_CHARS) {
            return Double.NaN;
        }
        if (DECIMAL.matcher(word).matches()) {
            return Double.parseDouble(word);
        }
        if (HEX.matcher(word).matches()) {
            return Long.parseLong(word.substring(2), 16);
        }
        if (OCTAL.matcher(word).matches()) {
            return Long.parseLong(word.substring(2), 8);
        }
        return switch (word) {
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    static boolean compare(Expression.Comparison how, Value left, Value right) {
        return switch (how) {
            case EQUAL -> equal(left, right);
            case UNEQUAL -> !equal(left, right);
            case LESS -> ordered(left, right, -1, -1);
            case AT_MOST -> ordered(left, right, -1, 0);
            case MORE -> ordered(left, right, 1, 1);
            case AT_LEAST -> ordered(left, right, 0, 1);
        };
    }

    /** Values of two kinds compare as numbers; lists and objects equal themselves only. */
    @SuppressWarnings("ReferenceEquality") // the language knows no other equality of lists and objects
    static boolean equal(Value left, Value right) {
        if (left instanceof Value.Text one && right instanceof Value.Text other) {
            return one.text().equalsIgnoreCase(other.text());
        }
        if (left instanceof Value.Null && right instanceof Value.Null) {
            return true;
        }
        if (left instanceof Value.Items one && right instanceof Value.Items other) {
            return one.items() == other.items();
        }
        if (left instanceof Value.Fields one && right instanceof Value.Fields other) {
            return one == other;
        }
        return number(left) == number(right);
    }

    private static boolean ordered(Value left, Value right, int low, int high) {
        int order;
        if (left instanceof Value.Text one && right instanceof Value.Text other) {
            order = Integer.signum(upper(one).compareTo(upper(other)));
        } else {
            double one = number(left);
            double other = number(right);
            if (Double.isNaN(one) || Double.isNaN(other)) {
                return false;
            }
            order = one < other ? -1 : one > other ? 1 : 0;
        }
        return order >= low && order <= high;
    }

    private static String upper(Value.Text text) {
        return text.text().toUpperCase(Locale.ROOT);
    }
}
