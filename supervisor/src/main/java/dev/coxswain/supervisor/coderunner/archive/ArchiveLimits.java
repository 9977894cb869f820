package dev.coxswain.supervisor.coderunner.archive;

/**
 * The bounds of an archive's content.
 *
 * @param entries default 10,000
 * @param unpackedBytes all files together; default 512 MiB
 * @param ratio unpacked bytes for each byte of the archive; default 200
 */
public record ArchiveLimits(int entries, long unpackedBytes, int ratio) {
    /** Contract section 6. */
    public static final ArchiveLimits DEFAULT = new ArchiveLimits(10_000, 512L << 20, 200);
}
