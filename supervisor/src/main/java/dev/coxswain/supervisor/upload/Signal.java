package dev.coxswain.supervisor.upload;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/** What one attempt of a PUT emits: any number of {@link Moved}, then exactly one of the others. */
sealed interface Signal {
    /** The transport has taken so many bytes. */
    record Moved(long sentBytes) implements Signal {}

    /** The URL's time was over before anything was sent. */
    record Expired() implements Signal {}

    /** No answer: connection failure, stall, time limit. */
    record Broken(String why, Throwable cause) implements Signal {}

    /**
     * The store's answer.
     *
     * @param status HTTP status
     * @param code the store's own code from an XML body, or null
     * @param retryAfter the header, or null
     * @param location the header, or null
     * @param storedBytes size of what is there already, when the answer tells, or -1
     * @param digests of what was sent, when it was stored
     */
    record Answer(int status, @Nullable String code, @Nullable String retryAfter, @Nullable String location,
            long storedBytes, Map<DigestKind, String> digests) implements Signal {
        Answer with(Map<DigestKind, String> sent) {
            return new Answer(status, code, retryAfter, location, storedBytes, sent);
        }

        /** Status and code: all of an answer that may be shown. */
        String words() {
            return code == null ? Integer.toString(status) : status + " " + code;
        }

        /** The location of a 307 may be signed too. */
        @Override
        public String toString() {
            return "Answer[" + words() + "]";
        }
    }
}
