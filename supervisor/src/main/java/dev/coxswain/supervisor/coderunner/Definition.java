package dev.coxswain.supervisor.coderunner;

import java.time.Instant;
import java.util.UUID;

/** A piece of user code with a purpose; its versions and deployments hang on it. */
record Definition(UUID id, UUID tenant, String name, String description, DeploymentType type, LanguageType language,
        Instant createdAt, String createdBy) {}
