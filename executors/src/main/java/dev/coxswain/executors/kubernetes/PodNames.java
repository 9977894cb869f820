package dev.coxswain.executors.kubernetes;

import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import dev.coxswain.executors.exec.OwnNames;
import io.fabric8.kubernetes.api.model.Pod;

/**
 * Names and labels of the pods of one supervisor.
 *
 * @param supervisor what this supervisor is known by, in every life of it: 16 hexadecimal digits
 */
record PodNames(String supervisor) {
    static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    static final String MANAGER = "coxswain";
    static final String SUPERVISOR = "coxswain.dev/supervisor";
    static final String SUPERVISOR_NAME = "coxswain.dev/supervisor-name";
    static final String LIFE = "coxswain.dev/life";
    static final String JOB = "coxswain.dev/job";
    static final String JOB_KEY = "coxswain.dev/job-key";

    /** An RFC 1123 label, the same for the same job of the same supervisor. */
    String pod(String jobKey) {
        return OwnNames.of(supervisor, jobKey, jobKey.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    }

    /** Whether this process asked for it, for that job. Others in the cluster may have added to it since. */
    static boolean isSame(Pod there, Pod asked) {
        return there.getMetadata().getDeletionTimestamp() == null && Stream.of(SUPERVISOR, LIFE, JOB).allMatch(
                label -> Objects.equals(there.getMetadata().getLabels().get(label),
                        asked.getMetadata().getLabels().get(label)));
    }

    /** What a label may hold of a text. */
    static String label(String text) {
        String label = text.replaceAll("[^A-Za-z0-9._-]", "-");
        return label.substring(0, Math.min(63, label.length())).replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
    }
}
