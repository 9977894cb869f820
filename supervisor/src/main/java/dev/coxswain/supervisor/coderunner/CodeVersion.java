package dev.coxswain.supervisor.coderunner;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * One uploaded ZIP of a definition.
 *
 * @param statusMessage why it failed; else null
 * @param sizeBytes of the ZIP
 * @param entryPoint the file that is run, relative to the code; null until it is found
 */
record CodeVersion(UUID id, UUID definitionId, UUID tenant, String description, VersionStatus status,
        @Nullable String statusMessage, long sizeBytes, String sha256, Instant createdAt, String createdBy,
        @Nullable String entryPoint) {}
