package dev.coxswain.executors.signing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.signing.SigningTools.BuildTools;

/**
 * Looks for the programs that sign, in the folders that the supervisor's own environment and configuration name, then in
 * fixed ones of the system; never in a PATH, which a repository may have a say in. Blocks.
 */
final class ToolSearch {
    private static final int MOST_FOLDERS = 1000;

    private final Map<String, String> environment;
    private final @Nullable String androidHome;
    private final Path jvms;
    private final Path programs;

    /**
     * @param androidHome from the configuration; null for the environment's
     * @param system {@code /}
     */
    ToolSearch(Map<String, String> environment, @Nullable String androidHome, Path system) {
        this.environment = environment;
        this.androidHome = androidHome;
        this.jvms = system.resolve("usr/lib/jvm");
        this.programs = system.resolve("usr/bin");
    }

    SigningTools find() {
        List<String> places = new ArrayList<>();
        places.add("apksigner in");
        BuildTools apks = apks(places);
        places.add("jarsigner in");
        Path jars = jars(places);
        return new SigningTools(apks, jars, javaHome(jars), String.join(" ", places));
    }

    private @Nullable BuildTools apks(List<String> places) {
        BuildTools found = null;
        if (androidHome != null) {
            found = newest(place("androidHome", androidHome, "build-tools/*", places));
        } else {
            for (String variable : List.of("ANDROID_HOME", "ANDROID_SDK_ROOT")) {
                Path home = place(variable, environment.get(variable), "build-tools/*", places);
                found = found == null ? newest(home) : found;
            }
        }
        places.add(programs + " and");
        return found == null ? tools(programs) : found;
    }

    private static @Nullable BuildTools newest(@Nullable Path home) {
        return home == null
                ? null
                : newestFirst(home.resolve("build-tools")).stream().map(ToolSearch::tools)
                        .filter(tools -> tools != null).findFirst().orElse(null);
    }

    private static @Nullable BuildTools tools(Path folder) {
        Path apksigner = program(folder, "apksigner");
        return apksigner == null
                ? null
                : new BuildTools(apksigner, program(folder, "zipalign"),
                        ToolVersion.of(folder.getFileName().toString()));
    }

    private @Nullable Path jars(List<String> places) {
        Path home = place("JAVA_HOME", environment.get("JAVA_HOME"), "bin", places);
        List<Path> folders = new ArrayList<>();
        if (home != null) {
            folders.add(home.resolve("bin"));
        }
        newestFirst(jvms).forEach(jvm -> folders.add(jvm.resolve("bin")));
        folders.add(programs);
        places.add(jvms + "/*/bin, " + programs);
        return folders.stream().map(folder -> program(folder, "jarsigner")).filter(program -> program != null)
                .findFirst().orElse(null);
    }

    private @Nullable Path javaHome(@Nullable Path jars) {
        Path home = absolute(environment.get("JAVA_HOME"));
        if (home != null) {
            return home;
        }
        Path bin = jars == null ? null : jars.getParent();
        return bin == null || bin.equals(programs) ? null : bin.getParent();
    }

    private static @Nullable Path place(String name, @Nullable String value, String below, List<String> places) {
        Path home = absolute(value);
        places.add(home != null
                ? home.resolve(below) + " (" + name + "),"
                : name + " (" + (value == null || value.isBlank() ? "not set" : "no absolute path") + "),");
        return home;
    }

    private static @Nullable Path absolute(@Nullable String value) {
        try {
            return value == null || value.isBlank() || !Path.of(value).isAbsolute() ? null : Path.of(value);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static @Nullable Path program(Path folder, String name) {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file) && Files.isExecutable(file) ? file : null;
    }

    /** The folders in this one, by the versions in their names. A folder that can't be read has none. */
    private static List<Path> newestFirst(Path folder) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
            for (Path each : entries) {
                found.add(each);
                if (found.size() == MOST_FOLDERS) {
                    break;
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        found.sort(Comparator.comparing((Path each) -> ToolVersion.of(each.getFileName().toString())).reversed()
                .thenComparing(Comparator.naturalOrder()));
        return found;
    }
}
