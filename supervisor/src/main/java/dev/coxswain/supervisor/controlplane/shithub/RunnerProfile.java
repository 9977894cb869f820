package dev.coxswain.supervisor.controlplane.shithub;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a runner says of itself with each heartbeat; labels and capacity replace what was registered (trap 11).
 *
 * @param labels a job that names one of them exactly, with regard to case, may come (trap 12); none leaves those that are
 *        registered
 * @param slots jobs at once, 1 to 64; default 1
 * @param hostName for people; empty says nothing
 * @param version ours, for people; empty says nothing
 */
public record RunnerProfile(List<String> labels, int slots, String hostName, String version) {
    /** What the control plane takes at most. */
    public static final int MOST_SLOTS = 64;
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

    /** @throws IllegalArgumentException when the control plane would refuse it */
    public RunnerProfile {
        labels = labels.stream().map(String::strip).distinct().toList();
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw new IllegalArgumentException(
                        "label \"" + label + "\" must be 1 to 100 of A-Z, a-z, 0-9, _, . and -");
            }
        }
        if (slots < 1 || slots > MOST_SLOTS) {
            throw new IllegalArgumentException("slots must be 1 to " + MOST_SLOTS + ", not " + slots);
        }
    }
}
