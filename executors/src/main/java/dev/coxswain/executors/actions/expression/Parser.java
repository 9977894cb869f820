package dev.coxswain.executors.actions.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Makes a tree of an expression: {@code ||} binds least, then {@code &&}, equality, order, {@code !}, and access most. What
 * is longer than {@value #MOST_CHARS} characters or nested deeper than {@value #MOST_LEVELS} levels is refused.
 */
final class Parser {
    static final int MOST_CHARS = 16_384;
    static final int MOST_LEVELS = 64;

    private static final Map<String, Expression.Comparison> EQUALITY = Map.of("==", Expression.Comparison.EQUAL, "!=",
            Expression.Comparison.UNEQUAL);
    private static final Map<String, Expression.Comparison> ORDER = Map.of("<", Expression.Comparison.LESS, "<=",
            Expression.Comparison.AT_MOST, ">", Expression.Comparison.MORE, ">=", Expression.Comparison.AT_LEAST);

    private final List<Token> tokens;
    private int next;
    private int depth;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * The expression between two places of a text.
     *
     * @throws ExpressionException when it is none
     */
    static Expression parse(String source, int from, int end) {
        if (end - from > MOST_CHARS) {
            throw new ExpressionException("this expression is longer than " + MOST_CHARS + " characters", from);
        }
        Parser parser = new Parser(Lexer.cut(source, from, end));
        Expression expression = parser.any();
        if (parser.peek().kind() != Token.Kind.END) {
            throw parser.unexpected("an operator or the end");
        }
        return expression;
    }

    private Expression any() {
        if (++depth > MOST_LEVELS) {
            throw tooDeep();
        }
        List<Expression> parts = new ArrayList<>(List.of(all()));
        int at = peek().at();
        while (take("||")) {
            parts.add(all());
        }
        depth--;
        return parts.size() == 1 ? parts.getFirst() : checked(new Expression.Any(parts, at));
    }

    private Expression all() {
        List<Expression> parts = new ArrayList<>(List.of(equality()));
        int at = peek().at();
        while (take("&&")) {
            parts.add(equality());
        }
        return parts.size() == 1 ? parts.getFirst() : checked(new Expression.All(parts, at));
    }

    private Expression equality() {
        Expression left = order();
        for (Expression.Comparison how = comparison(EQUALITY); how != null; how = comparison(EQUALITY)) {
            int at = tokens.get(next - 1).at();
            left = checked(new Expression.Compare(how, left, order(), at));
        }
        return left;
    }

    private Expression order() {
        Expression left = negation();
        for (Expression.Comparison how = comparison(ORDER); how != null; how = comparison(ORDER)) {
            int at = tokens.get(next - 1).at();
            left = checked(new Expression.Compare(how, left, negation(), at));
        }
        return left;
    }

    private Expression.@Nullable Comparison comparison(Map<String, Expression.Comparison> such) {
        Token token = peek();
        Expression.Comparison how = token.kind() == Token.Kind.SIGN ? such.get(token.text()) : null;
        if (how != null) {
            next++;
        }
        return how;
    }

    private Expression negation() {
        Token sign = peek();
        if (!take("!")) {
            return access();
        }
        if (++depth > MOST_LEVELS) {
            throw tooDeep();
        }
        Expression of = negation();
        depth--;
        return checked(new Expression.Not(of, sign.at()));
    }

    private Expression access() {
        Expression of = primary();
        while (true) {
            Token sign = peek();
            if (take(".")) {
                of = checked(property(of));
            } else if (take("[")) {
                Token inside = peek();
                if (inside.is("*") && tokens.get(next + 1).is("]")) {
                    next++;
                    of = checked(new Expression.Star(of, inside.at()));
                } else {
                    of = checked(new Expression.Index(of, any(), sign.at()));
                }
                expect("]");
            } else {
                return of;
            }
        }
    }

    private Expression property(Expression of) {
        Token name = peek();
        if (take("*")) {
            return new Expression.Star(of, name.at());
        }
        if (name.kind() != Token.Kind.NAME) {
            throw unexpected("a name");
        }
        next++;
        return new Expression.Property(of, name.text(), name.at());
    }

    private Expression primary() {
        Token token = peek();
        return switch (token.kind()) {
            case TEXT -> literal(new Value.Text(token.text(), false));
            case NUMBER -> literal(new Value.Num(Coercion.number(token.text()), false));
            case NAME -> named(token);
            case SIGN -> {
                if (!take("(")) {
                    throw unexpected("a value");
                }
                Expression inside = any();
                expect(")");
                yield inside;
            }
            case END -> throw unexpected("a value");
        };
    }

    private Expression literal(Value value) {
        return new Expression.Literal(value, tokens.get(next++).at());
    }

    private Expression named(Token token) {
        if (tokens.get(next + 1).is("(")) {
            next += 2;
            return checked(call(token));
        }
        return switch (token.text()) {
            case "true" -> literal(new Value.Bool(true, false));
            case "false" -> literal(new Value.Bool(false, false));
            case "null" -> literal(Value.Null.NOTHING);
            case "NaN" -> literal(new Value.Num(Double.NaN, false));
            case "Infinity" -> literal(new Value.Num(Double.POSITIVE_INFINITY, false));
            default -> {
                next++;
                yield new Expression.Name(token.text(), token.at());
            }
        };
    }

    private Expression call(Token name) {
        Function function = Function.of(name.text());
        if (function == null) {
            throw new ExpressionException("there is no function " + name.text(), name.at());
        }
        List<Expression> arguments = new ArrayList<>();
        if (!peek().is(")")) {
            do {
                arguments.add(any());
            } while (take(","));
        }
        expect(")");
        if (!function.takes(arguments.size())) {
            throw new ExpressionException(function.word() + " takes " + function.arguments() + " arguments, not "
                    + arguments.size(), name.at());
        }
        return new Expression.Call(function, arguments, name.at());
    }

    /** A chain grows in height without any nesting in the text. */
    private Expression checked(Expression made) {
        if (made.height() > MOST_LEVELS) {
            throw tooDeep();
        }
        return made;
    }

    private ExpressionException tooDeep() {
        return new ExpressionException("this expression is nested deeper than " + MOST_LEVELS + " levels",
                peek().at());
    }

    private Token peek() {
        return tokens.get(next);
    }

    private boolean take(String sign) {
        boolean is = peek().is(sign);
        if (is) {
            next++;
        }
        return is;
    }

    private void expect(String sign) {
        if (!take(sign)) {
            throw unexpected("'" + sign + "'");
        }
    }

    private ExpressionException unexpected(String wanted) {
        return new ExpressionException("expected is " + wanted + ", and there is " + peek().shown(), peek().at());
    }
}
