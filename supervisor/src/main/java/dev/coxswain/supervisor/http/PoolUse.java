package dev.coxswain.supervisor.http;

/**
 * How full a connection pool is.
 *
 * @param pool {@code calls}, {@code heartbeats} or {@code store}
 * @param active connections that carry a request
 * @param idle open connections without one
 * @param waiting requests without a connection
 */
public record PoolUse(String pool, int active, int idle, int waiting) {}
