package dev.coxswain.supervisor.register;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

import dev.coxswain.supervisor.controlplane.Secret;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A file of credentials as {@code pools[].credentials.file} takes it: one a line, below a comment. It is never seen half
 * written, is readable by its owner only, and what was added is on the disk when {@link #add} completes: a new file is
 * written beside it, synced and renamed, and then the folder is synced. Two at once don't lose a line of each other; the
 * second one fails.
 */
public final class CredentialsFile {
    /** What a fleet reads of a credentials file. */
    private static final int MOST_BYTES = 16 << 20;

    private final Path file;
    private final Scheduler disk;

    /**
     * Names the file; nothing is touched yet.
     *
     * @param file is made when it is missing; its folder must be there. Of a symbolic link the target is meant
     * @param disk may block
     */
    public CredentialsFile(Path file, Scheduler disk) {
        this.file = file.toAbsolutePath().normalize();
        this.disk = disk;
    }

    /** Completes when a credential could be added now; else fails with a {@link RegisterException}. */
    public Mono<Void> check() {
        return onDisk(() -> {
            Path target = target();
            content(target);
            Path beside = beside(target);
            open(beside).close();
            Files.delete(beside);
        });
    }

    /** Adds a line, below a comment of one line. Fails with a {@link RegisterException}; then nothing was added. */
    public Mono<Void> add(String comment, Secret line) {
        String words = comment.replaceAll("\\p{Cntrl}+", " ");
        return onDisk(() -> replace("# " + words + "\n" + line.reveal() + "\n"));
    }

    private void replace(String added) throws IOException {
        Path target = target();
        byte[] before = content(target);
        String between = before.length > 0 && before[before.length - 1] != '\n' ? "\n" : "";
        Path beside = beside(target);
        FileChannel out = open(beside);
        try {
            try (out) {
                write(out, before);
                write(out, (between + added).getBytes(StandardCharsets.UTF_8));
                out.force(true);
            }
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(beside);
            throw e;
        }
        try (FileChannel folder = FileChannel.open(folder(target), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static void write(FileChannel out, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            out.write(left);
        }
    }

    private static FileChannel open(Path beside) throws IOException {
        try {
            return FileChannel.open(beside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            throw new RegisterException(RegisterException.Kind.USAGE,
                    beside + " is there: another registration is at work, or one was cut off; "
                            + "in that case it may hold a credential: look into it, then remove it",
                    e);
        }
    }

    private Path target() throws IOException {
        return Files.exists(file) ? file.toRealPath() : file;
    }

    private static Path beside(Path target) {
        return folder(target).resolve("." + target.getFileName() + ".new");
    }

    private static Path folder(Path target) {
        return Objects.requireNonNull(target.getParent(), "a file has a folder");
    }

    private static byte[] content(Path target) throws IOException {
        if (!Files.exists(target)) {
            return new byte[0];
        }
        if (!Files.isRegularFile(target)) {
            throw new RegisterException(RegisterException.Kind.USAGE, target + " is not a regular file", null);
        }
        if (Files.size(target) > MOST_BYTES) {
            throw new RegisterException(RegisterException.Kind.USAGE,
                    target + " is larger than a credentials file may be", null);
        }
        return Files.readAllBytes(target);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private Mono<Void> onDisk(Step step) {
        return Mono.<Void>fromCallable(() -> {
            step.run();
            return null;
        }).onErrorMap(IOException.class, e -> new RegisterException(RegisterException.Kind.USAGE,
                file + " can't be written (" + e.getClass().getSimpleName() + ")", e)).subscribeOn(disk);
    }
}
