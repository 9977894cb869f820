package dev.coxswain.supervisor.controlplane;

import org.jspecify.annotations.Nullable;

/**
 * A file that a job's result names and that must be uploaded.
 *
 * @param file the file, relative to the result's folder
 * @param path the name at the control plane
 * @param contentType the type the job stated, or null: then content, then extension decide
 */
public record ArtifactRequest(String file, String path, @Nullable String contentType) {}
