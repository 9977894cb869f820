package dev.coxswain.supervisor.upload;

import java.time.Duration;
import java.util.Map;

import dev.coxswain.supervisor.controlplane.SignedUpload;

/** What happens while a job's artifacts are uploaded. */
public sealed interface UploadEvent {
    /**
     * An artifact moves; at most once a second for each artifact. A retry starts from 0 again.
     *
     * @param path the name at the control plane
     * @param sentBytes what the transport has taken in this attempt
     * @param sizeBytes the artifact's size
     */
    record Progress(String path, long sentBytes, long sizeBytes) implements UploadEvent {}

    /**
     * An artifact is stored.
     *
     * @param upload what it was stored with
     * @param sizeBytes what was sent
     * @param took from the first attempt to the store's answer, retries included
     * @param digests of the bytes that were sent, in lower-case hex; those that were asked for
     */
    record Stored(SignedUpload upload, long sizeBytes, Duration took,
            Map<DigestKind, String> digests) implements UploadEvent {}
}
