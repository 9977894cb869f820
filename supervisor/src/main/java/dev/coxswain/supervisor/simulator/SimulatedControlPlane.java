package dev.coxswain.supervisor.simulator;

import java.util.List;

/** One simulated control plane; all its methods may be called by any thread and never wait. */
public interface SimulatedControlPlane {
    /** The path in front of all its endpoints, such as {@code /studio}. */
    String basePath();

    /** The tokens of its runners. */
    List<String> tokens();

    /** Its endpoints; the first that matches answers. */
    List<Route> routes();

    /** Queues more jobs now. */
    void enqueue(int jobs);

    /** The form of its errors; {@code {"error": text}} unless the protocol has another. */
    default Answer error(int status, String text) {
        return Answer.error(status, text);
    }
}
