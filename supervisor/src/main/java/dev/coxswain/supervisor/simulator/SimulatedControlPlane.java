package dev.coxswain.supervisor.simulator;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** One simulated control plane; all its methods may be called by any thread and never wait. */
public interface SimulatedControlPlane {
    /** The path in front of all its endpoints, such as {@code /studio}. */
    String basePath();

    /** The tokens of its runners. */
    List<String> tokens();

    /** A line of a fleet's credentials file for each runner: its token, unless the protocol wants more there. */
    default List<String> credentials() {
        return tokens();
    }

    /** What people prove themselves with, by name, where runners are made and revoked; never a runner's token. */
    default Map<String, String> idTokens() {
        return Map.of();
    }

    /** Whether this token is one of its people, or of a runner that was made after its start. */
    default boolean gaveOut(String token) {
        return false;
    }

    /**
     * Whose credential this Authorization header holds, where the protocol gives credentials out with its jobs; null for
     * what is none of those.
     */
    default @Nullable String holder(String authorization) {
        return null;
    }

    /** What no two requests may be in flight for at once, by their Authorization header; null for nothing such. */
    default @Nullable String oneAtATime(String authorization) {
        return null;
    }

    /** Whether the text holds one of the credentials that it gave out with its jobs. */
    default boolean leaks(String text) {
        return false;
    }

    /** Its endpoints; the first that matches answers. */
    List<Route> routes();

    /** Queues more jobs now. */
    void enqueue(int jobs);

    /** The form of its errors; {@code {"error": text}} unless the protocol has another. */
    default Answer error(int status, String text) {
        return Answer.error(status, text);
    }
}
