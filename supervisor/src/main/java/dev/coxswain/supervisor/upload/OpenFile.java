package dev.coxswain.supervisor.upload;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.Artifact;
import io.netty.channel.DefaultFileRegion;

/**
 * An artifact's file, open for one attempt. The region counts who still needs the handle: a connection that is being torn
 * down may still send from it when the attempt is over already, and a closed descriptor's number can be another file's.
 */
final class OpenFile {
    private final Artifact artifact;
    private final AtomicReference<@Nullable DefaultFileRegion> mine = new AtomicReference<>();
    private volatile boolean closed;
    private volatile @Nullable Opened opened;

    OpenFile(Artifact artifact) {
        this.artifact = artifact;
    }

    /** Opens it and checks that it is what was measured. Blocks on the disk. */
    Opened open() {
        FileChannel channel;
        FileTime modified;
        try {
            channel = FileChannel.open(artifact.file(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw unreadable(e);
        }
        DefaultFileRegion region = new DefaultFileRegion(channel, 0, artifact.sizeBytes());
        mine.set(region);
        if (closed) {
            close();
        }
        try {
            modified = attributes().lastModifiedTime();
            expect(channel.size());
        } catch (IOException e) {
            throw unreadable(e);
        }
        Opened file = new Opened(artifact, channel, region, modified);
        opened = file;
        return file;
    }

    /** Checks that nobody wrote to it since {@link #open}. Blocks on the disk. */
    void unchanged() {
        Opened file = opened;
        try {
            BasicFileAttributes now = attributes();
            expect(now.size());
            if (file != null && !now.lastModifiedTime().equals(file.modified())) {
                throw new UploadException(artifact.path() + " changed while it was uploaded", null);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Gives the handle back as soon as no connection needs it; from any thread, also while it is being opened. */
    void close() {
        closed = true;
        DefaultFileRegion region = mine.getAndSet(null);
        if (region != null) {
            region.release();
        }
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(artifact.file(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private void expect(long sizeBytes) {
        if (sizeBytes != artifact.sizeBytes()) {
            throw changed(artifact, sizeBytes);
        }
    }

    static UploadException changed(Artifact artifact, long sizeBytes) {
        return new UploadException(artifact.path() + " changed while it was uploaded: " + artifact.sizeBytes() + " → "
                + sizeBytes + " bytes", null);
    }

    private UploadException unreadable(IOException cause) {
        return cause instanceof NoSuchFileException
                ? new UploadException(artifact.path() + " vanished before it was uploaded", null)
                : new UploadException(artifact.path() + " can't be read: " + cause.getClass().getSimpleName(), cause);
    }

    /**
     * What an attempt sends from.
     *
     * @param artifact the file's name and size
     * @param channel to read from
     * @param region all of it, for the kernel to send; retained by whoever writes it
     * @param modified when it was last written to
     */
    record Opened(Artifact artifact, FileChannel channel, DefaultFileRegion region, FileTime modified) {}
}
