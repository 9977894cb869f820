package dev.coxswain.supervisor.simulator;

import org.jspecify.annotations.Nullable;

/**
 * An artifact in the store.
 *
 * @param job whose it is
 * @param path the name under which it was signed
 * @param contentType its type
 * @param sizeBytes its size
 * @param crc32c its checksum
 * @param content its bytes, when the store keeps content and it is small enough
 */
public record StoredObject(JobKey job, String path, String contentType, long sizeBytes, long crc32c,
        byte @Nullable [] content) {}
