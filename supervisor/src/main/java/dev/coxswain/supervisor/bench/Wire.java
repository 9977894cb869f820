package dev.coxswain.supervisor.bench;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/** What every contender says and hears: the studio protocol with bodies of about 300 bytes. */
final class Wire {
    static final String LEASE = "/leaseRunnerJob";
    static final String HEARTBEAT = "/heartbeatRunnerJob";
    static final String COMPLETE = "/completeRunnerJob";
    static final String UPLOAD = "/object/";

    /** The result of every job, as a workload would leave it. */
    static final String RESULT = "{\"videoUrl\":\"https://files.example/short.mp4\",\"story\":{\"title\":\"The lighthouse that"
            + " learned to whistle\",\"scenes\":[{\"narration\":\"A keeper counts ships, and the wind counts him.\","
            + "\"durationSeconds\":4.5}]}}";

    private static final String PROJECT = "\",\"leaseExpiresAt\":";
    private static final String REST = ",\"project\":{\"topic\":\"the lighthouse that learned to whistle\",\"style\":"
            + "\"watercolour\",\"voiceId\":\"keeper-2\",\"includeTts\":false,\"notes\":\"calm, four scenes, no music;"
            + " the last one at dawn, with the lamp going out as the sun comes up\"}}";
    private static final String ID = "\"projectId\":\"";

    private Wire() {}

    /** A granted lease of ten minutes. */
    static byte[] lease(long job, long nowMillis) {
        return ascii("{\"leased\":true," + ID + "p" + job + PROJECT + (nowMillis + 600_000) + REST);
    }

    /** A renewal, padded to the length of the other answers. */
    static byte[] renewed(long nowMillis) {
        return ascii("{\"ok\":true,\"leaseExpiresAt\":" + (nowMillis + 600_000) + REST);
    }

    static byte[] acknowledged() {
        return ascii("{\"ok\":true" + REST);
    }

    static byte[] noJob() {
        return ascii("{\"leased\":false}");
    }

    /** The id in a lease answer, found as cheaply as can be; null when no job was granted. */
    static @Nullable String projectId(byte[] answer) {
        String text = new String(answer, StandardCharsets.US_ASCII);
        int from = text.indexOf(ID);
        return from < 0 ? null : text.substring(from + ID.length(), text.indexOf('"', from + ID.length()));
    }

    static byte[] naming(String projectId) {
        return ascii("{" + ID + projectId + "\"}");
    }

    static byte[] complete(String projectId) {
        return ascii("{" + ID + projectId + "\"," + RESULT.substring(1));
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
