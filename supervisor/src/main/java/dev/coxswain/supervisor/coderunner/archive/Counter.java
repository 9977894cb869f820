package dev.coxswain.supervisor.coderunner.archive;

/** Counts what really comes out of an archive. */
final class Counter {
    private final ArchiveLimits limits;
    private final long archiveBytes;
    private long bytes;

    Counter(ArchiveLimits limits, long archiveBytes) {
        this.limits = limits;
        this.archiveBytes = archiveBytes;
    }

    void add(int more) throws ArchiveException {
        bytes += more;
        if (bytes > limits.unpackedBytes()) {
            throw new ArchiveException("the ZIP unpacks to more than " + limits.unpackedBytes() + " bytes");
        }
        if (bytes > archiveBytes * limits.ratio()) {
            throw new ArchiveException("the ZIP unpacks to more than " + limits.ratio() + " times its size");
        }
    }
}
