package dev.coxswain.supervisor.upload;

/** A digest that an upload can compute in the same read that sends the file. */
public enum DigestKind {
    /** SHA-256 */
    SHA256,
    /** MD5, for stores that compare it with an ETag; not for trust */
    MD5,
    /** CRC-32C, the checksum of Google Cloud Storage */
    CRC32C
}
