package dev.coxswain.supervisor.simulator.shithub;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be made to go wrong in a few calls to come (contract shithub-actions 17). */
enum Knob {
    /** The connection breaks in the middle of an answer; nothing was processed. */
    REQUEST_LOST,
    /** The connection breaks in the middle of the answer to a call that was processed. */
    ANSWER_LOST,
    /** 429 with {@code Retry-After: 0}. */
    RATE_429,
    /** 500 before anything is claimed. */
    HEARTBEAT_500,
    /** 500 when the job is claimed already. */
    CLAIM_MINT_500,
    /** 500 before the token is used up. */
    LOOKUP_500,
    /** 401 because using the token up failed; it can be used again. */
    CONSUME_401,
    /** 401 because using the token up failed after it was used up. */
    CONSUMED_401,
    /** 500 when the token is used up; nothing is written. */
    CONSUMED_500,
    /** 500 when the call is processed; there is no next token. */
    MINT_500,
    /** 402 for an artifact. */
    QUOTA_402,
    /** 500 for an artifact. */
    ARTIFACT_500,
    /** The upload URL is one that the store refuses. */
    PUT_REFUSED;

    static Optional<Knob> labelled(String label) {
        return Arrays.stream(values()).filter(knob -> knob.label().equals(label)).findFirst();
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
