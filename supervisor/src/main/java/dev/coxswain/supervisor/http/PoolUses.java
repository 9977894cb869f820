package dev.coxswain.supervisor.http;

import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/**
 * Sums the figures of the pools over their hosts, because a meter must not carry a remote address: the number of series
 * would grow with the hosts.
 */
final class PoolUses implements ConnectionProvider.MeterRegistrar {
    private final Map<Host, ConnectionPoolMetrics> pools = new ConcurrentHashMap<>();
    private final ConnectionProvider.MeterRegistrar exported;

    /** @param exported is told too: it shows the same sums to Prometheus */
    PoolUses(ConnectionProvider.MeterRegistrar exported) {
        this.exported = exported;
    }

    @Override
    public void registerMetrics(String pool, String id, SocketAddress remoteAddress, ConnectionPoolMetrics metrics) {
        pools.put(new Host(pool, id, remoteAddress), metrics);
        exported.registerMetrics(pool, id, remoteAddress, metrics);
    }

    @Override
    public void deRegisterMetrics(String pool, String id, SocketAddress remoteAddress) {
        pools.remove(new Host(pool, id, remoteAddress));
        exported.deRegisterMetrics(pool, id, remoteAddress);
    }

    List<PoolUse> of(String... names) {
        return Arrays.stream(names).map(this::of).toList();
    }

    private PoolUse of(String name) {
        int active = 0;
        int idle = 0;
        int waiting = 0;
        for (Map.Entry<Host, ConnectionPoolMetrics> pool : pools.entrySet()) {
            if (pool.getKey().pool().equals(name)) {
                active += pool.getValue().acquiredSize();
                idle += pool.getValue().idleSize();
                waiting += pool.getValue().pendingAcquireSize();
            }
        }
        return new PoolUse(name, active, idle, waiting);
    }

    /** Shows nothing to anybody. */
    static final class Nobody implements ConnectionProvider.MeterRegistrar {
        @Override
        public void registerMetrics(String pool, String id, SocketAddress remoteAddress,
                ConnectionPoolMetrics metrics) {}

        @Override
        public void deRegisterMetrics(String pool, String id, SocketAddress remoteAddress) {}
    }

    private record Host(String pool, String id, SocketAddress address) {}
}
