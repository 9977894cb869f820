package dev.coxswain.supervisor.fleet;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The lease requests to one control plane that are not answered yet. Each holds a slot, and a control plane that hangs
 * answers none for long; so that it can't take the slots from the others, no more are open than slots are left, and once
 * the oldest has waited for a second, no more than this control plane's even share of all slots. Not thread-safe, except
 * for {@link #shareWith}; every call costs the same.
 */
final class OpenRequests {
    private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();

    private final Set<Request> open = new LinkedHashSet<>();
    private volatile int controlPlanes;

    /** @param controlPlanes how many use the same slots, this one included */
    OpenRequests(int controlPlanes) {
        this.controlPlanes = controlPlanes;
    }

    /** One that is on its way; equal only to itself. */
    static final class Request {
        final long sentNanos;

        private Request(long sentNanos) {
            this.sentNanos = sentNanos;
        }
    }

    void shareWith(int newControlPlanes) {
        controlPlanes = newControlPlanes;
    }

    Request sent(long nowNanos) {
        Request request = new Request(nowNanos);
        open.add(request);
        return request;
    }

    void answered(Request request) {
        open.remove(request);
    }

    /** Whether another one has to wait for an answer or a freed slot. */
    boolean isEnough(int slots, int used, long nowNanos) {
        Iterator<Request> oldest = open.iterator();
        if (controlPlanes <= 1 || !oldest.hasNext()) {
            return false;
        }
        boolean slow = nowNanos - oldest.next().sentNanos > SLOW_NANOS;
        int left = slots - used;
        return open.size() >= (slow ? Math.min(left, Math.max(1, slots / controlPlanes)) : left);
    }
}
