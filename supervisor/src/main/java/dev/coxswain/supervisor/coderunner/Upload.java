package dev.coxswain.supervisor.coderunner;

import java.nio.file.Path;

/**
 * A version that was received, not yet stored.
 *
 * @param file where its ZIP lies for now
 */
record Upload(String description, Path file, long sizeBytes, String sha256) {}
