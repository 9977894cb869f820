package dev.coxswain.executors.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.WorkspaceException;

/** The files of one workspace: nothing outside of it is read or written, whatever links a command left. Blocks. */
public final class WorkspaceFiles {
    /** 0700. */
    public static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    /** 0600. */
    public static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE = PosixFilePermissions
            .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final Set<OpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final AtomicLong TEMPORARY = new AtomicLong();

    /** Absolute and without links. */
    private final Path root;
    private final Owner owner;

    /** @param root of the workspace: absolute, without links */
    public WorkspaceFiles(Path root) {
        this(root, Owner.US);
    }

    /** @param owner gets each file and folder that is made */
    public WorkspaceFiles(Path root, Owner owner) {
        this.root = root;
        this.owner = owner;
    }

    /** Whose the files of a workspace are. */
    public interface Owner {
        /** Whose process this is. */
        Owner US = made -> {};

        /** Gives it what was just made and is no link. */
        void take(Path made) throws IOException;
    }

    /** The workspace itself. */
    public Path root() {
        return root;
    }

    /** Where {@code relative} lies by its text alone; it need not exist. */
    public Path locate(String relative) {
        Path path;
        try {
            path = Path.of(relative);
        } catch (InvalidPathException e) {
            throw new WorkspaceException("not a path: " + printable(relative), e);
        }
        if (path.isAbsolute()) {
            throw new WorkspaceException("an absolute path is not allowed: " + printable(relative));
        }
        for (Path part : path) {
            if (part.toString().equals("..")) {
                throw new WorkspaceException("the path leaves the workspace: " + printable(relative));
            }
        }
        return root.resolve(path).normalize();
    }

    /** The real place of what exists under this name, or null when nothing does. */
    @Nullable
    Path find(String relative) {
        Path path = locate(relative);
        try {
            if (absent(path, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            Path real = path.toRealPath();
            if (!real.startsWith(root)) {
                throw new WorkspaceException("the path leaves the workspace through a symbolic link: "
                        + printable(relative));
            }
            return real;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw failure("cannot open " + printable(relative), e);
        }
    }

    /** Without an exception for what is not there: most looks are for files that a job may leave and did not. */
    public static boolean absent(Path path, LinkOption... options) throws IOException {
        return path.getFileSystem().provider().readAttributesIfExists(path, BasicFileAttributes.class,
                options) == null;
    }

    /** The real place of a file, or null when there is none; a {@link WorkspaceException} when it is no regular file. */
    @Nullable
    public Path regularFile(String relative) {
        Path real = find(relative);
        if (real != null && !Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new WorkspaceException("not a regular file: " + printable(relative));
        }
        return real;
    }

    /** The real place of a folder that is there. */
    public Path directory(String relative) {
        Path real = find(relative);
        if (real == null) {
            throw new WorkspaceException("no such folder: " + printable(relative));
        }
        if (!Files.isDirectory(real)) {
            throw new WorkspaceException("not a folder: " + printable(relative));
        }
        return real;
    }

    /** The whole file, or null when there is none. */
    public byte @Nullable [] read(String relative, int maxBytes) {
        Path real = regularFile(relative);
        if (real == null) {
            return null;
        }
        try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
            // a file may grow while it is read, so its size alone says nothing
            byte[] content = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new WorkspaceException(printable(relative) + " is longer than " + maxBytes + " bytes");
            }
            return content;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw failure("cannot read " + printable(relative), e);
        }
    }

    /** What lies below a folder, {@code most} entries of it. */
    public FolderWalk walk(String relative, int most) {
        Path real = find(relative);
        if (real != null && !Files.isDirectory(real)) {
            throw new WorkspaceException("not a folder: " + printable(relative));
        }
        return new FolderWalk(root, real == null ? locate(relative) : real, most);
    }

    /** A link in its place is wiped away, not what it leads to. */
    public void wipe(String relative) {
        Path path = locate(relative);
        Path parent = path.getParent();
        if (path.equals(root) || parent == null) {
            throw new WorkspaceException("not the name of a file or folder: " + printable(relative));
        }
        Path folder = find(root.relativize(parent).toString());
        if (folder != null && !Wiping.wipe(folder.resolve(path.getFileName()))) {
            throw new WorkspaceException("cannot remove " + printable(relative));
        }
    }

    /** Writes beside the target and renames, so that a link in its place is replaced and never followed. */
    public void write(String relative, byte[] content) {
        put(relative, temporary -> {
            // made and written through one descriptor; a link in its place is refused
            try (SeekableByteChannel file = Files.newByteChannel(temporary, NEW_FILE, PRIVATE_FILE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    file.write(left);
                }
            }
        });
    }

    /** Makes a folder with those above it. */
    public void folder(String relative) {
        try {
            if (!Files.isDirectory(makeFolders(root.relativize(locate(relative)), relative))) {
                throw new WorkspaceException("a file is in the place of the folder " + printable(relative));
            }
        } catch (IOException e) {
            throw failure("cannot make the folder " + printable(relative), e);
        }
    }

    /** Moves a local file to this place. */
    public void place(String relative, Path local) {
        put(relative, temporary -> Files.move(local, temporary));
    }

    private interface Filling {
        void fill(Path temporary) throws IOException;
    }

    private void put(String relative, Filling filling) {
        Path path = locate(relative);
        Path parent = path.getParent();
        if (path.equals(root) || parent == null) {
            throw new WorkspaceException("not the name of a file: " + printable(relative));
        }
        @Nullable
        Path temporary = null;
        try {
            Path folder = makeFolders(root.relativize(parent), relative);
            Path target = folder.resolve(path.getFileName());
            if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new WorkspaceException("a folder is in the place of the file " + printable(relative));
            }
            temporary = folder.resolve(".cox-write-" + TEMPORARY.incrementAndGet());
            filling.fill(temporary);
            owner.take(temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            dropQuietly(temporary, e);
            throw failure("cannot write " + printable(relative), e);
        }
    }

    private Path makeFolders(Path folders, String relative) throws IOException {
        Path here = root;
        for (Path part : folders) {
            if (part.toString().isEmpty()) {
                continue;
            }
            Path next = here.resolve(part);
            if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(next, PRIVATE_FOLDER);
                owner.take(next);
            }
            here = next.toRealPath();
            if (!here.startsWith(root)) {
                throw new WorkspaceException("the path leaves the workspace through a symbolic link: "
                        + printable(relative));
            }
        }
        return here;
    }

    private static void dropQuietly(@Nullable Path file, IOException why) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }

    /** What failed, and why, in words fit for the job's owner. */
    public static WorkspaceException failure(String what, IOException e) {
        return new WorkspaceException(what + ": " + reason(e), e);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "no such file or folder";
            case FileAlreadyExistsException exists -> "it exists already";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> {
                String message = e.getMessage();
                yield message == null ? e.getClass().getSimpleName() : message;
            }
        };
    }

    private static String printable(String relative) {
        String shown = relative.length() > 200 ? relative.substring(0, 200) + "…" : relative;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }
}
