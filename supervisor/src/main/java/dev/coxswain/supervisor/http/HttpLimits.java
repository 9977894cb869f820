package dev.coxswain.supervisor.http;

import java.time.Duration;

/**
 * The bounds of the four connection pools. Connections and waiting calls are counted for each remote host.
 *
 * @param calls connections for leasing, signing and settling; default 256
 * @param heartbeats connections for heartbeats alone; default 32
 * @param store connections for uploads to signed URLs; default 4096, which is the most that the configuration allows at
 *        once: the uploads' own bound comes first
 * @param models connections for requests to models; default 4096: the pools' own bounds ({@code workload.parallel}) come
 *        first
 * @param waiting calls that may wait for a connection of one pool; beyond it a call fails at once; default 4096. Waiting
 *        here costs twice the instructions of a call, so whoever starts calls limits them first (slots, poll budget)
 * @param longestWait longest time that a call waits for a connection; default 10 s
 * @param connect longest time until a connection stands; default 10 s
 * @param idle an unused connection is closed after this time, before the other side does it; default 20 s
 * @param life a connection is replaced after this time, so that a change in the name service is followed; default 5 min
 * @param response longest silence of a store inside a request; default 60 s. Calls are limited as a whole, each by itself
 */
public record HttpLimits(int calls, int heartbeats, int store, int models, int waiting, Duration longestWait,
        Duration connect,
        Duration idle, Duration life, Duration response) {
    /** What holds when nothing is said. */
    public static final HttpLimits DEFAULT = new HttpLimits(256, 32, 4096, 4096, 4096, Duration.ofSeconds(10),
            Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMinutes(5), Duration.ofSeconds(60));

    public HttpLimits {
        if (calls < 1 || heartbeats < 1 || store < 1 || models < 1 || waiting < 1) {
            throw new IllegalArgumentException("connections and waiting calls must be at least 1");
        }
    }

    /** The same with another number of connections for calls. */
    public HttpLimits withCalls(int connections) {
        return new HttpLimits(connections, heartbeats, store, models, waiting, longestWait, connect, idle, life,
                response);
    }
}
