package dev.coxswain.supervisor.simulator;

/** The forms in which signed URLs may be answered where a contract leaves the form open. */
public enum SignAnswer {
    /** {@code {"uploads":[{path,uploadUrl,publicUrl,contentType,expiresAt}]}}. */
    UPLOADS,
    /** {@code {"urls":[…]}} with {@code signedUrl} and {@code downloadUrl}. */
    URLS,
    /** {@code {"signedUrls":[…]}} with {@code putUrl}, {@code fileUrl} and an expiry as text. */
    SIGNED_URLS,
    /** {@code {"files":[…]}} with {@code url} only, no reference. */
    FILES,
    /** {@code {"data":{path: {…}}}}. */
    DATA_MAP,
    /** A bare array of entries without paths, in the order of the request. */
    ARRAY,
    /** An object that maps each path to an entry. */
    MAP,
    /** {@code {"uploads":[url, …]}}: texts in the order of the request. */
    TEXTS,
    /** An object that maps each path to a URL as text. */
    TEXT_MAP,
    /** All of them in turn. */
    ROTATING;

    /** The form of the n-th answer. */
    public SignAnswer nth(long n) {
        return this == ROTATING ? values()[(int) (n % (values().length - 1))] : this;
    }
}
