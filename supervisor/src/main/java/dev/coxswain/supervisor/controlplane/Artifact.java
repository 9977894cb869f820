package dev.coxswain.supervisor.controlplane;

import java.nio.file.Path;

/**
 * A file that is ready to be uploaded: it exists, is not empty, and its size and type are known and will not change.
 *
 * @param path the name at the control plane
 * @param file the local regular file
 * @param sizeBytes its size when it was measured; a file that changes afterwards fails its upload
 * @param contentType the exact type to sign and to send, without parameters
 */
public record Artifact(String path, Path file, long sizeBytes, String contentType) {}
