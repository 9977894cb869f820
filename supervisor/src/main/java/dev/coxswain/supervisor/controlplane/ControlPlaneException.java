package dev.coxswain.supervisor.controlplane;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A call to a control plane that gave no usable answer. The message names operation and place, and never holds a secret.
 */
public abstract sealed class ControlPlaneException extends RuntimeException {
    private final @Nullable Duration retryAfter;

    private ControlPlaneException(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** The server's own wish when to come again ({@code Retry-After} or a rate header), or null. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /**
     * Whether the same call may well go better a moment later. Says nothing about whether it may be sent twice: for a
     * call that must not, its caller has to know.
     */
    public final boolean mayPass() {
        return switch (this) {
            case Unavailable unavailable -> true;
            case RateLimited limited -> true;
            case Garbled garbled -> !garbled.isTooLong();
            case CredentialRefused refused -> false;
            case Rejected rejected -> false;
            case LeaseLost lost -> false;
        };
    }

    /** No connection, a time-out, 408 or 5xx: come again later. Five of these on leasing open the breaker. */
    public static final class Unavailable extends ControlPlaneException {
        public Unavailable(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
            super(message, retryAfter, cause);
        }
    }

    /** 429: come again when told. */
    public static final class RateLimited extends ControlPlaneException {
        public RateLimited(String message, @Nullable Duration retryAfter) {
            super(message, retryAfter, null);
        }
    }

    /** 401 or 403: this credential is not accepted (on a lease: quarantine; on a job's call: that job's authority). */
    public static final class CredentialRefused extends ControlPlaneException {
        public CredentialRefused(String message) {
            super(message, null, null);
        }
    }

    /** Another 4xx: the request itself is wrong, or does not fit the server's state; repeating it changes nothing. */
    public static final class Rejected extends ControlPlaneException {
        public Rejected(String message) {
            super(message, null, null);
        }
    }

    /** An answer that is not what the contract says (HTML from a proxy, truncated JSON, a missing field): try again. */
    public static final class Garbled extends ControlPlaneException {
        private final boolean tooLong;

        public Garbled(String message, @Nullable Throwable cause) {
            this(message, cause, false);
        }

        private Garbled(String message, @Nullable Throwable cause, boolean tooLong) {
            super(message, null, cause);
            this.tooLong = tooLong;
        }

        /** An answer of more bytes than we read: it would be as long the next time. */
        public static Garbled tooLong(String message, @Nullable Throwable cause) {
            return new Garbled(message, cause, true);
        }

        boolean isTooLong() {
            return tooLong;
        }
    }

    /** The lease ended while a call of its job (signing, say) was made: like {@link HeartbeatReply.Lost}. */
    public static final class LeaseLost extends ControlPlaneException {
        public LeaseLost(String message) {
            super(message, null, null);
        }
    }
}
