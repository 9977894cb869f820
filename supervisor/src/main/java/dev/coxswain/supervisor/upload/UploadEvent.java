package dev.coxswain.supervisor.upload;

import java.time.Duration;

import dev.coxswain.supervisor.controlplane.SignedUpload;

/** What happens while artifacts are uploaded. */
public sealed interface UploadEvent {
    /** Bytes that the transport took so far. */
    record Progress(String path, long sentBytes, long sizeBytes) implements UploadEvent {}

    /** An artifact is stored. */
    record Stored(SignedUpload signed, long sizeBytes, Duration took) implements UploadEvent {}
}
