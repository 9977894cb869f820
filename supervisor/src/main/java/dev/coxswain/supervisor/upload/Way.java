package dev.coxswain.supervisor.upload;

import java.time.Instant;

import dev.coxswain.supervisor.controlplane.SignedUpload;

/**
 * How far one artifact's upload has come: the URL in use and what has been tried. At most 2 fresh URLs of 4 tries each,
 * and 3 redirects a try, so it ends.
 *
 * @param upload the signed upload in use
 * @param url where the next attempt goes
 * @param freshUrls how many URLs were asked for after the first
 * @param failures attempts in a row that gave no usable answer
 * @param redirects followed in this attempt
 * @param rescued whether a fresh URL was asked for because of such failures
 * @param justSigned whether the URL was never tried: then our clock's idea of its expiry is not asked
 */
record Way(SignedUpload upload, SignedUrl url, int freshUrls, int failures, int redirects, boolean rescued,
        boolean justSigned) {
    static final int MOST_FRESH_URLS = 2;
    static final int MOST_REDIRECTS = 3;

    static Way first(SignedUpload upload) {
        return new Way(upload, parse(upload), 0, 0, 0, false, false);
    }

    Way fresh(SignedUpload renewed, boolean rescue) {
        return new Way(renewed, parse(renewed), freshUrls + 1, 0, 0, rescued || rescue, true);
    }

    /** The same URL again, from its beginning. */
    Way again() {
        return new Way(upload, parse(upload), freshUrls, failures + 1, 0, rescued, false);
    }

    Way to(SignedUrl elsewhere) {
        return new Way(upload, elsewhere, freshUrls, failures, redirects + 1, rescued, justSigned);
    }

    boolean expired(Instant now) {
        Instant end = upload.expiresAt();
        return !justSigned && end != null && !now.isBefore(end);
    }

    boolean mayRenew() {
        return freshUrls < MOST_FRESH_URLS;
    }

    private static SignedUrl parse(SignedUpload upload) {
        try {
            return SignedUrl.parse(upload.url().reveal());
        } catch (SignedUrl.BadUrl e) {
            throw new UploadException("the signed URL of " + upload.artifact().path() + " " + e.getMessage(), null);
        }
    }
}
