package dev.coxswain.executors.function;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/** Finds runtimes by starting them: a program that is there may still not run. Blocks. */
final class RuntimeSearch {
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";
    private static final int MOST_SECONDS = 20;
    private static final int MOST_BYTES = 4096;

    private final String path;

    RuntimeSearch(Map<String, String> environment) {
        String told = environment.get("PATH");
        this.path = told == null || told.isBlank() ? DEFAULT_PATH : told;
    }

    /** What became of a search. */
    sealed interface Answer {}

    record Found(LanguageRuntime runtime) implements Answer {}

    record Missing(String why) implements Answer {}

    /** @param command in place of the usual one; null for that */
    Answer look(Language language, @Nullable List<String> command) {
        return switch (language) {
            // a name in PATH may be a shell script that looks for the program each time: where it is, is asked once
            case NODEJS -> program(command == null ? List.of("node") : command,
                    List.of("-p", "process.execPath + '\\n' + process.version"));
            case PYTHON -> program(command == null ? List.of("python3") : command,
                    List.of("-c", "import sys; print(sys.executable); print(sys.version.split()[0])"));
            case DOTNET_SCRIPT -> script(command == null ? List.of("dotnet", "script") : command);
        };
    }

    private Answer program(List<String> command, List<String> question) {
        return switch (ask(command, question)) {
            case Said(String program, List<String> lines) when lines.size() == 2
                    && lines.getFirst().startsWith("/") -> {
                List<String> whole = new ArrayList<>(command);
                whole.set(0, lines.getFirst());
                yield new Found(new LanguageRuntime(whole, lines.get(1)));
            }
            case Said said -> new Missing(command.getFirst() + " does not tell its version");
            case Silent(String why) -> new Missing(why);
        };
    }

    private Answer script(List<String> command) {
        return switch (ask(command, List.of("--version"))) {
            case Said(String program, List<String> lines) when !lines.isEmpty() -> {
                List<String> whole = new ArrayList<>(command);
                whole.set(0, program);
                yield new Found(new LanguageRuntime(whole, lines.getLast()));
            }
            case Said said -> new Missing(String.join(" ", command) + " does not tell its version");
            case Silent(String why) -> new Missing(why);
        };
    }

    private sealed interface Reply {}

    private record Said(String program, List<String> lines) implements Reply {}

    private record Silent(String why) implements Reply {}

    private Reply ask(List<String> command, List<String> question) {
        String name = String.join(" ", command);
        Path program = find(command.getFirst());
        if (program == null) {
            return new Silent(name + " is not on this host (looked in PATH " + path + ")");
        }
        List<String> argv = new ArrayList<>(command);
        argv.set(0, program.toString());
        argv.addAll(question);
        ProcessBuilder builder = new ProcessBuilder(argv)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", path, "HOME", System.getProperty("java.io.tmpdir", "/tmp"),
                "DOTNET_NOLOGO", "1", "DOTNET_CLI_TELEMETRY_OPTOUT", "1"));
        try {
            Process process = builder.start();
            try {
                return answer(name, program, process);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return new Silent(name + " can't be started");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Silent(name + " was not waited for");
        }
    }

    /** So few bytes fit into the pipe: it need not be read while the program runs. */
    private static Reply answer(String name, Path program, Process process) throws IOException, InterruptedException {
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            return new Silent(name + " does not answer within " + MOST_SECONDS + " s");
        }
        byte[] output = process.getInputStream().readNBytes(MOST_BYTES);
        if (process.exitValue() != 0) {
            return new Silent(name + " does not run here: it ends with exit code " + process.exitValue());
        }
        return new Said(program.toString(), new String(output, StandardCharsets.UTF_8).lines().map(String::strip)
                .filter(line -> !line.isEmpty()).toList());
    }

    private @Nullable Path find(String program) {
        if (program.indexOf('/') >= 0) {
            Path file = Path.of(program).toAbsolutePath();
            return Files.isExecutable(file) ? file : null;
        }
        for (String folder : path.split(":", -1)) {
            Path file = Path.of(folder).toAbsolutePath().resolve(program);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        return null;
    }
}
