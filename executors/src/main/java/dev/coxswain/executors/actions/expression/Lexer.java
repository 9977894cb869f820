package dev.coxswain.executors.actions.expression;

import java.util.ArrayList;
import java.util.List;

/** Cuts an expression into words. */
final class Lexer {
    private static final List<String> SIGNS = List.of("==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", "[",
            "]", ".", ",", "*");

    private final String source;
    private final int end;
    private int at;

    private Lexer(String source, int from, int end) {
        this.source = source;
        this.at = from;
        this.end = end;
    }

    /** The words from one place to another, and {@link Token.Kind#END} last. */
    static List<Token> cut(String source, int from, int end) {
        Lexer lexer = new Lexer(source, from, end);
        List<Token> tokens = new ArrayList<>();
        Token next;
        do {
            boolean afterDot = !tokens.isEmpty() && tokens.getLast().is(".");
            next = lexer.next(afterDot);
            tokens.add(next);
        } while (next.kind() != Token.Kind.END);
        return tokens;
    }

    private Token next(boolean afterDot) {
        while (at < end && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        if (at == end) {
            return new Token(Token.Kind.END, "", at);
        }
        char c = source.charAt(at);
        if (c == '\'') {
            return text();
        }
        if (letter(c)) {
            return name();
        }
        if (!afterDot && startsNumber(c)) {
            return number();
        }
        for (String sign : SIGNS) {
            if (source.startsWith(sign, at) && at + sign.length() <= end) {
                at += sign.length();
                return new Token(Token.Kind.SIGN, sign, at - sign.length());
            }
        }
        throw new ExpressionException(c == '"'
                ? "a text stands between single quotes, not double ones"
                : "no expression has this character in it: "
                        + (c > ' ' && c < 0x7f ? Character.toString(c) : String.format("U+%04X", (int) c)),
                at);
    }

    private boolean startsNumber(char c) {
        char after = at + 1 < end ? source.charAt(at + 1) : ' ';
        boolean sign = c == '-' || c == '+';
        return digit(c) || ((sign || c == '.') && digit(after)) || (sign && (after == '.' || after == 'I'));
    }

    private Token text() {
        int from = at++;
        StringBuilder text = new StringBuilder();
        while (at < end) {
            char c = source.charAt(at++);
            if (c != '\'') {
                text.append(c);
            } else if (at < end && source.charAt(at) == '\'') {
                text.append(c);
                at++;
            } else {
                return new Token(Token.Kind.TEXT, text.toString(), from);
            }
        }
        throw new ExpressionException("this text has no closing quote", from);
    }

    private Token name() {
        int from = at;
        while (at < end && (letter(source.charAt(at)) || digit(source.charAt(at)) || source.charAt(at) == '-')) {
            at++;
        }
        return new Token(Token.Kind.NAME, source.substring(from, at), from);
    }

    /** Takes all that looks like a part of it, so that 1x is one wrong number and not two words. */
    private Token number() {
        int from = at++;
        while (at < end) {
            char c = source.charAt(at);
            boolean exponent = (c == '+' || c == '-') && Character.toLowerCase(source.charAt(at - 1)) == 'e';
            if (!letter(c) && !digit(c) && c != '.' && !exponent) {
                break;
            }
            at++;
        }
        String text = source.substring(from, at);
        if (Double.isNaN(Coercion.number(text)) || !text.equals(text.strip())) {
            throw new ExpressionException("this is no number", from);
        }
        return new Token(Token.Kind.NUMBER, text, from);
    }

    private static boolean letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
