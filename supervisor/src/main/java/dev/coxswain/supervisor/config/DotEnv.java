package dev.coxswain.supervisor.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the variables of a {@code .env} file: one {@code NAME=value} a line, with an optional {@code export} in front.
 * Empty lines and lines that begin with {@code #} are skipped. A value without quotes ends before a blank and {@code #};
 * one in single quotes is taken as it is; in double quotes {@code \n \r \t \" \\ \$} are what they usually are. Quoted
 * values may go over several lines. Nothing is put in for {@code $NAME}. The last of two lines with one name wins. What
 * is wrong is told by its line, never by its text: a line that is no assignment may be a token.
 */
final class DotEnv {
    static final int MAX_FILE_BYTES = 64 << 10;
    private static final int MAX_VALUE_CHARS = 32 << 10;
    private static final int MAX_VARIABLES = 1000;
    private static final Pattern ASSIGNMENT = Pattern.compile("(?:export[ \\t]+)?(" + Values.VARIABLE + ")[ \\t]*=");
    private static final String HINT = "write NAME=value";

    /** A variable's value and the line where it stands. */
    record Variable(String value, int line) {}

    private final String file;
    private final String text;
    private final Problems problems;
    private final Map<String, Variable> variables = new LinkedHashMap<>();
    private int at;
    private int line = 1;

    private DotEnv(String file, String text, Problems problems) {
        this.file = file;
        this.text = text.replace("\r\n", "\n").replace('\r', '\n');
        this.problems = problems;
    }

    /**
     * The variables of this text; those of wrong lines are left out.
     *
     * @param file how messages call it
     * @param problems where wrong lines go
     */
    static Map<String, Variable> parse(String file, String text, Problems problems) {
        DotEnv reading = new DotEnv(file, text, problems);
        while (reading.at < reading.text.length()) {
            reading.line();
        }
        return reading.variables;
    }

    private void line() {
        skipBlanks();
        int first = line;
        if (atLineEnd() || text.charAt(at) == '#') {
            skipLine();
            return;
        }
        Matcher assignment = ASSIGNMENT.matcher(text).region(at, lineEnd());
        try {
            if (!assignment.lookingAt()) {
                throw new Refused("is no assignment", HINT);
            }
            at = assignment.end();
            skipBlanks();
            put(assignment.group(1), value(), first);
        } catch (Refused e) {
            problems.error(new Place(file, first, 0), "", "the line " + e.text(), e.hint());
        }
        skipLine();
    }

    private void put(String name, String value, int where) {
        if (value.length() > MAX_VALUE_CHARS) {
            throw new Refused("has a value of more than " + SizeText.format(MAX_VALUE_CHARS), null);
        }
        if (value.indexOf('\0') >= 0) {
            throw new Refused("has a NUL character", null);
        }
        if (variables.size() == MAX_VARIABLES && !variables.containsKey(name)) {
            throw new Refused("is one variable too many", "there may be " + MAX_VARIABLES);
        }
        variables.put(name, new Variable(value, where));
    }

    private String value() {
        char first = atLineEnd() ? '\n' : text.charAt(at);
        return first == '\'' || first == '"' ? quoted(first) : plain();
    }

    private String plain() {
        String rest = text.substring(at, lineEnd());
        for (int i = 0; i < rest.length(); i++) {
            if (rest.charAt(i) == '#' && (i == 0 || isBlank(rest.charAt(i - 1)))) {
                return rest.substring(0, i).strip();
            }
        }
        return rest.strip();
    }

    private String quoted(char quote) {
        int opened = at++;
        int openedLine = line;
        StringBuilder value = new StringBuilder();
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                refuseMoreOnTheLine();
                return value.toString();
            }
            line += c == '\n' ? 1 : 0;
            if (c == '\\' && quote == '"' && at + 1 < text.length()) {
                at++;
                value.append(escaped(text.charAt(at)));
            } else {
                value.append(c);
            }
        }
        // the lines behind it are read for themselves, so that one lost quote does not hide what else is wrong
        at = opened;
        line = openedLine;
        throw new Refused("has a quote without its end", null);
    }

    private String escaped(char c) {
        line += c == '\n' ? 1 : 0;
        return switch (c) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case '"', '\\', '$' -> String.valueOf(c);
            default -> "\\" + c;
        };
    }

    private void refuseMoreOnTheLine() {
        skipBlanks();
        if (!atLineEnd() && text.charAt(at) != '#') {
            throw new Refused("goes on behind the closing quote", "only a comment may stand there");
        }
    }

    private void skipBlanks() {
        while (!atLineEnd() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private void skipLine() {
        at = lineEnd() + 1;
        line++;
    }

    private int lineEnd() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private boolean atLineEnd() {
        return at >= text.length() || text.charAt(at) == '\n';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || Character.isSpaceChar(c);
    }
}
