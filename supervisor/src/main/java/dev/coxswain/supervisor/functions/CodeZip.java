package dev.coxswain.supervisor.functions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import dev.coxswain.supervisor.functions.CoderunnerException.Kind;

/**
 * Makes the ZIP of a folder, and refuses here what a Coderunner would refuse later (contract coderunner 6). The same files make
 * the same ZIP. Blocks.
 */
final class CodeZip {
    private static final int MOST_ENTRIES = 10_000;
    private static final long MOST_BYTES = 512L << 20;
    private static final Set<String> LEFT_OUT = Set.of(".git", ".DS_Store", "__MACOSX", "__pycache__");
    /** The first that a ZIP can tell, so that it tells nothing. */
    private static final long NO_TIME = 315_532_800_000L;

    private CodeZip() {}

    /** @param except a file that is not part of the code */
    static void write(Path folder, Path except, Path zip) {
        Path excepted = except.toAbsolutePath().normalize();
        try (OutputStream file = Files.newOutputStream(zip); ZipOutputStream out = new ZipOutputStream(file)) {
            List<Path> files = files(folder, excepted);
            for (Path each : files) {
                ZipEntry entry = new ZipEntry(name(folder, each));
                entry.setTime(NO_TIME);
                out.putNextEntry(entry);
                Files.copy(each, out);
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new CoderunnerException(Kind.USAGE, "the code in " + folder + " can't be packed: " + e.getMessage(),
                    0, e);
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString();
    }

    private static List<Path> files(Path folder, Path excepted) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new CoderunnerException(Kind.USAGE, folder + " is no folder");
        }
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            private final Set<String> names = new HashSet<>();
            private long bytes;

            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
                return !visited.equals(folder) && leftOut(visited)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (leftOut(file) || file.toAbsolutePath().normalize().equals(excepted)) {
                    return FileVisitResult.CONTINUE;
                }
                String name = name(folder, file);
                if (!attributes.isRegularFile()) {
                    throw refused(name, Files.isSymbolicLink(file)
                            ? "is a symbolic link; put the file itself there"
                            : "is no regular file");
                }
                if (name.indexOf('\\') >= 0) {
                    throw refused(name, "has a backslash in its name");
                }
                if (!names.add(name.toLowerCase(Locale.ROOT))) {
                    throw refused(name, "has the name of another file, but for upper and lower case");
                }
                bytes += attributes.size();
                if (bytes > MOST_BYTES || names.size() > MOST_ENTRIES) {
                    throw new CoderunnerException(Kind.USAGE, folder + " holds more than " + (MOST_BYTES >> 20)
                            + " MiB or " + MOST_ENTRIES + " files; a Coderunner takes no more");
                }
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        if (files.isEmpty()) {
            throw new CoderunnerException(Kind.USAGE, folder + " holds no code");
        }
        files.sort(Path::compareTo);
        return files;
    }

    private static boolean leftOut(Path path) {
        return LEFT_OUT.contains(String.valueOf(path.getFileName()));
    }

    private static CoderunnerException refused(String name, String why) {
        return new CoderunnerException(Kind.USAGE, name + " " + why);
    }
}
