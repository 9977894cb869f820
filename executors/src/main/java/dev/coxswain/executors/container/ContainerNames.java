package dev.coxswain.executors.container;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Names and labels of the containers of one supervisor.
 *
 * @param supervisor what this supervisor is known by, in every life of it: 16 hexadecimal digits
 */
record ContainerNames(String supervisor) {
    static final String SUPERVISOR = "dev.coxswain.supervisor";
    static final String SUPERVISOR_NAME = "dev.coxswain.supervisor-name";
    static final String LIFE = "dev.coxswain.life";
    static final String JOB = "dev.coxswain.job";

    /** Of this process: whatever has another one is left from a former life. */
    static final String THIS_LIFE = digest(UUID.randomUUID().toString());

    private static final Pattern SAFE_KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final int READABLE = 30;

    static boolean safe(String jobKey) {
        return SAFE_KEY.matcher(jobKey).matches();
    }

    /** The same for the same job of the same supervisor. */
    String container(String jobKey) {
        return "cox-" + jobKey.substring(0, Math.min(READABLE, jobKey.length())) + "-"
                + digest(supervisor + "/" + jobKey);
    }

    Map<String, String> labels(String supervisorName, String jobKey) {
        return Map.of(SUPERVISOR, supervisor, SUPERVISOR_NAME, supervisorName, LIFE, THIS_LIFE, JOB, jobKey);
    }

    /** 16 hexadecimal digits. */
    static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
