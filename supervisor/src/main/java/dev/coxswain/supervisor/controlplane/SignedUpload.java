package dev.coxswain.supervisor.controlplane;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Permission to PUT one artifact. The URL is a credential: it is used byte for byte and never printed.
 *
 * @param artifact what it is for
 * @param url the raw text of the URL, never parsed and put together again
 * @param headers headers to send exactly, besides Content-Type and Content-Length
 * @param expiresAt when the URL stops working by the server's clock, or null when it did not say
 * @param reference where the artifact can be read afterwards
 * @param use whether one URL serves for several tries
 */
public record SignedUpload(Artifact artifact, Secret url, Map<String, String> headers, @Nullable Instant expiresAt,
        String reference, Use use) {
    /** One whose URL may be used again and again. */
    public SignedUpload(Artifact artifact, Secret url, Map<String, String> headers, @Nullable Instant expiresAt,
            String reference) {
        this(artifact, url, headers, expiresAt, reference, Use.AGAIN);
    }

    /** What may be done with the URL. */
    public enum Use {
        /** tried again after a failure that may pass */
        AGAIN,
        /** spent with the first byte: another try needs another URL */
        ONCE,
        /** nothing: the control plane has the same bytes already, and wants no word about them */
        NOTHING
    }

    public SignedUpload {
        headers = Map.copyOf(headers);
    }

    /** Header values may be secrets too, and a reference may hold a read token. */
    @Override
    public String toString() {
        return "SignedUpload[path=" + artifact.path() + "]";
    }
}
