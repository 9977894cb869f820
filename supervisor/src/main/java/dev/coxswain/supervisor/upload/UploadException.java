package dev.coxswain.supervisor.upload;

import org.jspecify.annotations.Nullable;

/** An artifact could not be uploaded; the message names path and host, never the URL. */
public final class UploadException extends RuntimeException {
    public UploadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
