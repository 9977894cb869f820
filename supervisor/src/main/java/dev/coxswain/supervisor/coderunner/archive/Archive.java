package dev.coxswain.supervisor.coderunner.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * A stranger's ZIP: looked at whole before a byte of it is unpacked, and unpacked with every byte counted, since the sizes
 * in its headers are only claims. Blocks on the disk.
 */
public final class Archive {
    private static final int FILE_TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int FOLDER = 0040000;

    private final Path file;
    private final ArchiveLimits limits;

    public Archive(Path file, ArchiveLimits limits) {
        this.file = file;
        this.limits = limits;
    }

    /** Whether a file that begins with these bytes may be a ZIP. */
    public static boolean beginsAsZip(byte[] first) {
        return first.length >= 4 && first[0] == 'P' && first[1] == 'K'
                && ((first[2] == 3 && first[3] == 4) || (first[2] == 5 && first[3] == 6));
    }

    /**
     * Unpacks into {@code folder}, which must be there and empty. One single folder that holds everything is looked through.
     *
     * @throws ArchiveException when the archive is not acceptable: then the folder may hold a part of it
     * @throws IOException when the disk fails
     */
    public void unpackInto(Path folder) throws ArchiveException, IOException {
        count();
        try (ZipFile zip = opened()) {
            List<Item> items = items(zip);
            Counter counter = new Counter(limits, Files.size(file));
            for (Item item : items) {
                unpack(zip, item, folder, counter);
            }
        }
    }

    /** By the JDK, which holds the bare directory only: a directory of millions of entries would not fit otherwise. */
    private void count() throws ArchiveException {
        try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(file.toFile())) {
            if (zip.size() > limits.entries()) {
                throw new ArchiveException("the ZIP has " + zip.size() + " entries; at most " + limits.entries()
                        + " are allowed");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    private ZipFile opened() throws ArchiveException {
        try {
            return ZipFile.builder().setPath(file).get();
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(e);
        }
    }

    private static ArchiveException unreadable(Exception e) {
        return new ArchiveException("the file is not a ZIP that can be read (" + e.getMessage() + ")");
    }

    private List<Item> items(ZipFile zip) throws ArchiveException {
        List<Item> items = new ArrayList<>();
        Names names = new Names();
        for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
            List<String> parts = EntryName.parts(entry.getRawName());
            if (isLitter(parts)) {
                continue;
            }
            checkKind(zip, entry);
            names.add(parts, entry.isDirectory());
            items.add(new Item(entry, parts));
        }
        if (items.stream().allMatch(item -> item.entry().isDirectory())) {
            throw new ArchiveException("the ZIP has no files");
        }
        return lookThrough(items);
    }

    /** What a Mac adds by itself. */
    private static boolean isLitter(List<String> parts) {
        return parts.get(0).equals("__MACOSX") || parts.get(parts.size() - 1).equals(".DS_Store");
    }

    private static void checkKind(ZipFile zip, ZipArchiveEntry entry) throws ArchiveException {
        String shown = EntryName.shown(entry.getName());
        int type = entry.getUnixMode() & FILE_TYPE;
        if (entry.isUnixSymlink()) {
            throw new ArchiveException("the entry " + shown + " is a symbolic link");
        }
        if (type != 0 && type != REGULAR && type != FOLDER) {
            throw new ArchiveException("the entry " + shown + " is neither a file nor a folder");
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw new ArchiveException("the entry " + shown + " is encrypted");
        }
        if (!zip.canReadEntryData(entry)) {
            throw new ArchiveException("the entry " + shown + " is packed in a way that is not known here");
        }
    }

    private static List<Item> lookThrough(List<Item> items) {
        String top = items.get(0).parts().get(0);
        boolean single = items.stream().allMatch(item -> item.parts().get(0).equals(top)
                && (item.parts().size() > 1 || item.entry().isDirectory()));
        return !single
                ? items
                : items.stream().filter(item -> item.parts().size() > 1)
                        .map(item -> new Item(item.entry(), item.parts().subList(1, item.parts().size()))).toList();
    }

    private static void unpack(ZipFile zip, Item item, Path folder, Counter counter)
            throws ArchiveException, IOException {
        Path target = folder.resolve(String.join("/", item.parts()));
        if (item.entry().isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        CRC32 crc = new CRC32();
        try (InputStream in = zip.getInputStream(item.entry());
                OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[64 << 10];
            for (int read = read(in, buffer, item); read >= 0; read = read(in, buffer, item)) {
                counter.add(read);
                crc.update(buffer, 0, read);
                out.write(buffer, 0, read);
            }
        }
        if (crc.getValue() != item.entry().getCrc()) {
            throw damaged(item, "its checksum does not match");
        }
        if ((item.entry().getUnixMode() & 0100) != 0) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** A failure here is the archive's: the disk that it lies on has just been written by us. */
    private static int read(InputStream in, byte[] buffer, Item item) throws ArchiveException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw damaged(item, String.valueOf(e.getMessage()));
        }
    }

    private static ArchiveException damaged(Item item, String why) {
        return new ArchiveException("the entry " + EntryName.shown(item.entry().getName()) + " is damaged: " + why);
    }

    private record Item(ZipArchiveEntry entry, List<String> parts) {}
}
