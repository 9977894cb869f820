package dev.coxswain.supervisor.config;

import java.util.regex.Pattern;

import dev.coxswain.supervisor.controlplane.Loopback;
import io.netty.util.NetUtil;

/**
 * Where a server listens, or a host that a URL names.
 *
 * @param host literal address without brackets, or a host name
 * @param port 0 for a free one
 */
record ListenAddress(String host, int port) {
    private static final Pattern NAME = Pattern
            .compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,62})){0,10}");
    private static final String FORM = "write host:port, for example 127.0.0.1:8710 or [::1]:0";

    static ListenAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new Refused("is not a listen address", FORM);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        if (port > 65535) {
            throw new Refused("has a port above 65535", null);
        }
        String host = text.substring(0, colon);
        if (host.isEmpty() || host.equals("*")) {
            throw new Refused("has no host", "write 0.0.0.0:" + port + " for all addresses");
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            String literal = host.substring(1, host.length() - 1);
            if (NetUtil.isValidIpV6Address(literal)) {
                return new ListenAddress(literal, port);
            }
        } else if (NetUtil.isValidIpV4Address(host) || isName(host)) {
            return new ListenAddress(host, port);
        }
        throw new Refused("is not a listen address", FORM);
    }

    /** Whether only this host can reach it; decided without asking a name server. */
    boolean isLoopback() {
        return Loopback.isHost(host);
    }

    private static boolean isName(String host) {
        // 1.2.3 or 999.1.1.1 is a mistyped address, not a name
        return NAME.matcher(host).matches() && !host.matches("[0-9.]+");
    }
}
