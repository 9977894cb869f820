package dev.coxswain.executors.actions;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a step left in one of its files for the runner: {@code name=value} lines, or {@code name<<END}, lines, {@code END}.
 * A step may well write a stranger's text there, so names that would change how the next steps' programs behave are refused,
 * and all that is wrong fails the step.
 */
final class EnvFile {
    /** Of one file. */
    static final int MOST_BYTES = 1 << 20;

    private static final int MOST_ENTRIES = 1_000;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");
    private static final Pattern OUTPUT = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,254}");
    /** The runner's own, and what makes a shell, the linker or an interpreter run something before the script. */
    private static final Pattern REFUSED = Pattern
            .compile("(?:GITHUB|RUNNER|SHITHUB|COX|LD|DYLD|BASH_FUNC)_.*|CI|PATH|HOME|IFS"
                    + "|PS4|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|NODE_OPTIONS|PYTHONSTARTUP|PERL5OPT|RUBYOPT"
                    + "|JAVA_TOOL_OPTIONS|GIT_(?:SSH|SSH_COMMAND|ASKPASS|EXTERNAL_DIFF|PROXY_COMMAND|EDITOR|PAGER|EXEC_PATH|CONFIG.*)");

    private EnvFile() {}

    /**
     * Variables for the steps that follow.
     *
     * @throws StepFailure when it is wrong
     */
    static List<Map.Entry<String, String>> variables(byte[] content) {
        List<Map.Entry<String, String>> entries = entries("GITHUB_ENV", VARIABLE, content);
        for (Map.Entry<String, String> each : entries) {
            if (REFUSED.matcher(each.getKey()).matches()) {
                throw StepFailure.of("GITHUB_ENV must not set " + each.getKey());
            }
        }
        return entries;
    }

    /**
     * Outputs of the step.
     *
     * @throws StepFailure when it is wrong
     */
    static List<Map.Entry<String, String>> outputs(byte[] content) {
        return entries("GITHUB_OUTPUT", OUTPUT, content);
    }

    /**
     * Folders for the PATH of the steps that follow, one a line.
     *
     * @throws StepFailure when it is wrong
     */
    static List<String> folders(byte[] content) {
        List<String> folders = lines("GITHUB_PATH", content).stream().map(String::strip)
                .filter(line -> !line.isEmpty()).toList();
        if (folders.size() > MOST_ENTRIES || folders.stream().anyMatch(line -> line.indexOf(':') >= 0)) {
            throw StepFailure.of("GITHUB_PATH holds more than " + MOST_ENTRIES + " lines, or one with a colon in it");
        }
        return folders;
    }

    private static List<Map.Entry<String, String>> entries(String file, Pattern names, byte[] content) {
        List<Map.Entry<String, String>> entries = new ArrayList<>();
        List<String> lines = lines(file, content);
        int i = 0;
        while (i < lines.size()) {
            int number = i + 1;
            String line = lines.get(i++);
            if (line.isEmpty()) {
                continue;
            }
            int equals = line.indexOf('=');
            int heredoc = line.indexOf("<<");
            String name;
            String value;
            if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
                name = line.substring(0, heredoc);
                String end = line.substring(heredoc + 2);
                int last = i;
                while (last < lines.size() && !lines.get(last).equals(end)) {
                    last++;
                }
                if (end.isEmpty() || last == lines.size()) {
                    throw StepFailure.of(file + " line " + number + ": the word after << ends no text further down");
                }
                value = String.join("\n", lines.subList(i, last));
                i = last + 1;
            } else if (equals >= 0) {
                name = line.substring(0, equals);
                value = line.substring(equals + 1);
            } else {
                throw StepFailure.of(file + " line " + number + " is neither name=value nor name<<WORD");
            }
            if (!names.matcher(name).matches()) {
                throw StepFailure.of(file + " line " + number + " begins with no name that is allowed");
            }
            entries.add(Map.entry(name, value));
            if (entries.size() > MOST_ENTRIES) {
                throw StepFailure.of(file + " holds more than " + MOST_ENTRIES + " entries");
            }
        }
        return entries;
    }

    private static List<String> lines(String file, byte[] content) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw StepFailure.of(file + " is not UTF-8");
        }
        if (text.indexOf('\0') >= 0) {
            throw StepFailure.of(file + " holds a NUL character");
        }
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        List<String> lines = new ArrayList<>();
        for (String line : plain.split("\n", -1)) {
            lines.add(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        }
        return lines;
    }
}
