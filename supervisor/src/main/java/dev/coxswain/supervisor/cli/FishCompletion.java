package dev.coxswain.supervisor.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What fish needs to complete a command line; it does not read bash's functions. */
final class FishCompletion {
    private static final int LONGEST = 120;

    private final CommandSpec root;
    private final StringBuilder script = new StringBuilder();
    private final List<String> paths = new ArrayList<>();

    FishCompletion(CommandSpec root) {
        this.root = root;
    }

    /** The whole script. */
    String script() {
        String name = root.name();
        collect(root, "");
        script.append("# fish completion for ").append(name).append("; made by: ").append(name)
                .append(" completion fish\n");
        script.append("set -g __").append(name).append("_paths");
        paths.forEach(path -> script.append(' ').append(quoted(path)));
        script.append("""


                # whether the commands on the line so far are these; values of options are no commands there
                function __NAME_at
                    set -l path ''
                    for word in (commandline -opc)[2..-1]
                        if contains -- "$path $word" $__NAME_paths
                            set path "$path $word"
                        end
                    end
                    test "$path" = "$argv[1]"
                end

                complete -c NAME -f
                """.replace("NAME", name));
        command(root, "");
        return script.toString();
    }

    private void collect(CommandSpec spec, String path) {
        each(spec).forEach((name, below) -> {
            paths.add(path + " " + name);
            collect(below.getCommandSpec(), path + " " + name);
        });
    }

    private static Map<String, CommandLine> each(CommandSpec spec) {
        return spec.subcommands();
    }

    private void command(CommandSpec spec, String path) {
        each(spec).forEach((name, below) -> line(path).append(" -a ").append(quoted(name)).append(" -d ")
                .append(quoted(described(below.getCommandSpec().usageMessage().description()))).append('\n'));
        spec.options().stream().filter(option -> !option.hidden()).forEach(option -> option(option, path));
        spec.positionalParameters().stream().filter(each -> !each.hidden()).forEach(each -> {
            List<String> words = words(each);
            if (!words.isEmpty()) {
                line(path).append(" -a ").append(quoted(String.join(" ", words))).append('\n');
            } else if (isFile(each)) {
                line(path).append(" -F\n");
            }
        });
        each(spec).forEach((name, below) -> command(below.getCommandSpec(), path + " " + name));
    }

    private void option(OptionSpec option, String path) {
        StringBuilder line = line(path);
        Set<String> told = new HashSet<>();
        for (String name : option.names()) {
            String bare = name.replaceFirst("^-+", "");
            if (told.add(bare)) {
                line.append(name.startsWith("--") ? " -l " : bare.length() == 1 ? " -s " : " -o ").append(quoted(bare));
            }
        }
        List<String> words = words(option);
        if (!words.isEmpty()) {
            line.append(" -x -a ").append(quoted(String.join(" ", words)));
        } else if (option.arity().max() > 0) {
            line.append(isFile(option) ? " -r -F" : " -x");
        }
        line.append(" -d ").append(quoted(described(option.description()))).append('\n');
    }

    private StringBuilder line(String path) {
        return script.append("complete -c ").append(root.name()).append(" -n ")
                .append(quoted("__" + root.name() + "_at " + quoted(path)));
    }

    /** The values that there are, when they are few. */
    private static List<String> words(ArgSpec arg) {
        List<String> words = new ArrayList<>();
        if (arg.completionCandidates() != null) {
            arg.completionCandidates().forEach(word -> words.add(word.toLowerCase(Locale.ROOT)));
        }
        return words;
    }

    private static boolean isFile(ArgSpec arg) {
        return Path.class.isAssignableFrom(arg.type()) || arg.paramLabel().matches(".*\\b(FILE|DIR)\\b.*");
    }

    private static String described(String[] lines) {
        String text = String.join(" ", lines).replaceAll("; default: \\$\\{[^}]*}|default: \\$\\{[^}]*}|%n", "")
                .replaceAll("\\s+", " ").strip();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
