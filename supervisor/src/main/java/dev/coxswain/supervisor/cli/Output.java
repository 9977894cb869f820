package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.coxswain.supervisor.client.Terminal;
import dev.coxswain.supervisor.client.Views;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command answers: lines for people or JSON for programs. */
final class Output {
    @Spec(Spec.Target.MIXEE)
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = {"-o",
            "--output"}, paramLabel = "FORM", description = "text, wide (text with more columns) or json; default: text")
    private Form form = Form.TEXT;

    private enum Form {
        TEXT, WIDE, JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One of them. */
    void print(Supplier<String> json, Function<Views, List<String>> lines) {
        PrintWriter out = spec.commandLine().getOut();
        switch (form) {
            case JSON -> out.println(json.get());
            case TEXT -> lines.apply(new Views(Terminal.of(System.getenv()), false)).forEach(out::println);
            case WIDE -> lines.apply(new Views(Terminal.of(System.getenv()), true)).forEach(out::println);
        }
        out.flush();
    }

    /** Something beside the answer. */
    void note(String line) {
        spec.commandLine().getErr().println(line);
    }
}
