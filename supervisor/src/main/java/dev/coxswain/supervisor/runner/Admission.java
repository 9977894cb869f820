package dev.coxswain.supervisor.runner;

import org.jspecify.annotations.Nullable;

/** Whether the host may take one more job, apart from its slots. */
@FunctionalInterface
public interface Admission {
    /** Refuses nothing. */
    Admission ALWAYS = () -> null;

    /** Why the host takes no job now, or null. Asked under the lock of {@link Slots}: reads a field, no more. */
    @Nullable
    Refusal refusal();

    /**
     * Why not.
     *
     * @param words for people, for example {@code host memory 93 % used, above 90 %}
     */
    record Refusal(Slots.Denial reason, String words) {}
}
