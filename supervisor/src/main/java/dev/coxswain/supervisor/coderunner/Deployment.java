package dev.coxswain.supervisor.coderunner;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A version that is to be used.
 *
 * @param statusMessage why it is not as it should be; else null
 * @param size what one of its processes may use
 * @param cron for schedules only; else null
 * @param wanted whether it shall serve: what a restart goes by, whatever was running
 * @param activatedAt when it was ready for the first time; null until then
 */
record Deployment(UUID id, UUID definitionId, UUID versionId, UUID tenant, DeploymentType type,
        DeploymentStatus status, @Nullable String statusMessage, Size size, @Nullable String cron, boolean wanted,
        @Nullable Instant activatedAt, Instant createdAt, String createdBy) {
    /** Whether it may be called now. */
    boolean isActive() {
        return wanted && activatedAt != null;
    }
}
