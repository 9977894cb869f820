package dev.coxswain.supervisor.metrics;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/**
 * The meters of Reactor Netty's connection pools, one series for each pool's name: Reactor Netty's own ones have a label
 * with the remote address, and artifact stores have as many addresses as they like.
 */
final class ConnectionPools implements ConnectionProvider.MeterRegistrar {
    private static final String PREFIX = "reactor_netty_connection_provider_";

    private final MeterRegistry registry;
    private final Map<String, Map<Remote, ConnectionPoolMetrics>> pools = new ConcurrentHashMap<>();

    ConnectionPools(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void registerMetrics(String poolName, String id, SocketAddress remoteAddress,
            ConnectionPoolMetrics metrics) {
        pools.computeIfAbsent(poolName, this::expose).put(new Remote(id, remoteAddress), metrics);
    }

    @Override
    public void deRegisterMetrics(String poolName, String id, SocketAddress remoteAddress) {
        Map<Remote, ConnectionPoolMetrics> remotes = pools.get(poolName);
        if (remotes != null) {
            remotes.remove(new Remote(id, remoteAddress));
        }
    }

    private Map<Remote, ConnectionPoolMetrics> expose(String poolName) {
        Map<Remote, ConnectionPoolMetrics> remotes = new ConcurrentHashMap<>();
        sum("active_connections", "Connections in use", poolName, remotes, ConnectionPoolMetrics::acquiredSize);
        sum("idle_connections", "Open connections that wait for use", poolName, remotes,
                ConnectionPoolMetrics::idleSize);
        sum("pending_connections", "Requests that wait for a connection", poolName, remotes,
                ConnectionPoolMetrics::pendingAcquireSize);
        return remotes;
    }

    private void sum(String what, String help, String poolName, Map<Remote, ConnectionPoolMetrics> remotes,
            ToIntFunction<ConnectionPoolMetrics> value) {
        Gauge.builder(PREFIX + what, () -> remotes.values().stream().mapToInt(value).sum()).description(help)
                .tag("name", poolName).strongReference(true).register(registry);
    }

    private record Remote(String id, SocketAddress address) {}
}
