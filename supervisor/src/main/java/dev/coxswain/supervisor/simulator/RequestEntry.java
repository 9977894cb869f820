package dev.coxswain.supervisor.simulator;

import org.jspecify.annotations.Nullable;

/**
 * One request, without anything secret: no query, no body, no token.
 *
 * @param atNanos when it arrived
 * @param micros how long it took
 * @param method HTTP method
 * @param path the path, cut at 200 characters
 * @param kind what it was for
 * @param holder the credential id, when the token is known
 * @param status the answer's status; 0 when there was none
 * @param fault the fault that met it
 */
record RequestEntry(long atNanos, long micros, String method, String path, CallKind kind, @Nullable String holder,
        int status, @Nullable Fault fault) {}
