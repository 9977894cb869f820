package dev.coxswain.supervisor.coderunner;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * One run of user code.
 *
 * @param deploymentId null when a version was run by itself
 * @param reason one word for why it did not complete ({@code Timeout}, {@code RunnerLost}); else null
 * @param message one line about it; else null
 * @param result a JSON text; null without one
 * @param truncated whether the result is only the beginning of it, as a text
 * @param runner who ran it; null before
 */
record Execution(UUID id, UUID tenant, @Nullable UUID deploymentId, UUID definitionId, UUID versionId, Trigger trigger,
        ExecutionStatus status, Instant createdAt, @Nullable Instant startedAt, @Nullable Instant finishedAt,
        @Nullable Integer exitCode, @Nullable String reason, @Nullable String message, @Nullable String result,
        boolean truncated, @Nullable String runner) {}
