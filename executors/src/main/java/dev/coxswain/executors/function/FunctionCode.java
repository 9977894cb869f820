package dev.coxswain.executors.function;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.Command;

/** The rules for the files of a version (contract coderunner 7). Everything here reads a folder and blocks for it. */
public final class FunctionCode {
    /** Where Python's dependencies are put, below the folder of the code. */
    public static final String DEPENDENCIES = ".coxswain-deps";

    private static final List<String> NODE_NAMES = List.of("index", "main", "handler", "app", "server", "function");
    private static final List<String> NODE_ENDINGS = List.of(".js", ".mjs", ".cjs");
    private static final List<String> PYTHON_NAMES = List.of("main", "handler", "app", "index", "function", "__main__");
    private static final List<String> SCRIPT_NAMES = List.of("main", "index", "script", "program", "handler");
    private static final String SCRIPT_ENDING = ".csx";
    /** Dependencies that take longer do not come at all. */
    private static final Duration PREPARATION_LIMIT = Duration.ofMinutes(10);

    private FunctionCode() {}

    /**
     * The file that is run.
     *
     * @param file relative to the folder of the code, with {@code /}
     */
    public record EntryPoint(String file) {}

    /**
     * Finds the file that is run.
     *
     * @param folder of the unpacked code
     * @throws FunctionCodeException there is none, or package.json can't be read
     */
    public static EntryPoint find(Path folder, Language language) throws FunctionCodeException {
        return switch (language) {
            case NODEJS -> node(folder);
            case PYTHON -> python(folder);
            case DOTNET_SCRIPT -> script(folder);
        };
    }

    private static EntryPoint node(Path folder) throws FunctionCodeException {
        String named = PackageFile.read(folder).main();
        if (named != null) {
            for (String candidate : List.of(named, named + ".js", named + ".mjs", named + ".cjs",
                    named + "/index.js")) {
                if (isFile(folder, candidate)) {
                    return new EntryPoint(relative(folder, candidate));
                }
            }
        }
        for (String name : NODE_NAMES) {
            for (String ending : NODE_ENDINGS) {
                if (isFile(folder, name + ending)) {
                    return new EntryPoint(name + ending);
                }
            }
        }
        throw new FunctionCodeException(
                "no entry point: NodeJS needs main in package.json to name a file of the ZIP, or one of "
                        + String.join(", ", NODE_NAMES) + " with .js, .mjs or .cjs at its top");
    }

    private static EntryPoint python(Path folder) throws FunctionCodeException {
        for (String name : PYTHON_NAMES) {
            if (isFile(folder, name + ".py")) {
                return new EntryPoint(name + ".py");
            }
        }
        throw new FunctionCodeException("no entry point: Python needs one of " + String.join(", ", PYTHON_NAMES)
                + " with .py at the top of the ZIP");
    }

    private static EntryPoint script(Path folder) throws FunctionCodeException {
        for (String name : SCRIPT_NAMES) {
            if (isFile(folder, name + SCRIPT_ENDING)) {
                return new EntryPoint(name + SCRIPT_ENDING);
            }
        }
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + SCRIPT_ENDING)) {
            entries.forEach(each -> found.add(each.getFileName().toString()));
        } catch (IOException e) {
            throw new FunctionCodeException("the code can't be read: " + e.getMessage(), e);
        }
        if (found.size() == 1 && isFile(folder, found.getFirst())) {
            return new EntryPoint(found.getFirst());
        }
        throw new FunctionCodeException("no entry point: DotNetScript needs one of " + String.join(", ", SCRIPT_NAMES)
                + " with .csx at the top of the ZIP, or a single .csx file there; there are " + found.size());
    }

    /** Within the folder, and no link: what a link shows may change. */
    private static boolean isFile(Path folder, String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            return false;
        }
        Path file = folder.resolve(name).normalize();
        return file.startsWith(folder.normalize()) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static String relative(Path folder, String name) {
        return folder.normalize().relativize(folder.resolve(name).normalize()).toString();
    }

    /**
     * The command that installs what the code depends on, to be run in a workspace of its own; null when there is nothing to
     * install. It writes below {@code folder} only, runs no script of a package, and ends after 10 minutes.
     *
     * @param folder of the unpacked code, absolute
     * @throws FunctionCodeException package.json or requirements.txt can't be read
     */
    public static @Nullable Command preparation(Path folder, Language language, EntryPoint entry)
            throws FunctionCodeException {
        List<String> argv = switch (language) {
            case NODEJS -> npm(folder);
            case PYTHON -> pip(folder);
            case DOTNET_SCRIPT -> List.of();
        };
        return argv.isEmpty()
                ? null
                : new Command(argv, Map.of("CI", "true"), "", PREPARATION_LIMIT, Command.DEFAULT_GRACE);
    }

    private static List<String> npm(Path folder) throws FunctionCodeException {
        if (Files.isDirectory(folder.resolve("node_modules"), LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        boolean locked = isFile(folder, "package-lock.json") || isFile(folder, "npm-shrinkwrap.json");
        if (!locked && !PackageFile.read(folder).dependencies()) {
            return List.of();
        }
        return List.of("npm", locked ? "ci" : "install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund",
                "--no-progress", "--fetch-retries=1", "--prefix", folder.toString());
    }

    private static List<String> pip(Path folder) throws FunctionCodeException {
        Path file = folder.resolve("requirements.txt");
        if (!isFile(folder, "requirements.txt")) {
            return List.of();
        }
        try (var lines = Files.lines(file)) {
            if (lines.map(String::strip).allMatch(line -> line.isEmpty() || line.startsWith("#"))) {
                return List.of();
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new FunctionCodeException("requirements.txt can't be read as UTF-8 text", e);
        }
        return List.of("python3", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--no-compile",
                "--no-warn-script-location", "--only-binary=:all:", "--retries=1", "--target",
                folder.resolve(DEPENDENCIES).toString(), "-r", file.toString());
    }
}
