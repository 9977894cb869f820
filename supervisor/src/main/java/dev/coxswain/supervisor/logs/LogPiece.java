package dev.coxswain.supervisor.logs;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of the log, in memory or in a file.
 *
 * @param place of its first byte in the log
 * @param file where it is, or null when it is in {@code bytes}
 * @param offset of its first byte in the file
 * @param length bytes of it
 * @param bytes a copy, when it is in memory
 */
record LogPiece(long place, @Nullable Path file, long offset, int length, byte[] bytes) {}
