package dev.coxswain.supervisor.coderunner;

import java.net.SocketAddress;

import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/** Nobody looks at the connections of a test. */
final class NoPoolMeters implements ConnectionProvider.MeterRegistrar {
    @Override
    public void registerMetrics(String poolName, String id, SocketAddress remoteAddress,
            ConnectionPoolMetrics metrics) {
        // nobody looks
    }

    @Override
    public void deRegisterMetrics(String poolName, String id, SocketAddress remoteAddress) {
        // nobody looks
    }
}
