package dev.coxswain.supervisor.controlplane;

import java.net.InetAddress;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.netty.util.NetUtil;

/** Whether a host is this one, as far as its name tells; no name is looked up. */
public final class Loopback {
    private Loopback() {}

    /** Whether this is {@code localhost} or a literal loopback address, with or without brackets. */
    public static boolean isHost(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(bare);
        return literal != null && literal.isLoopbackAddress();
    }

    /**
     * Whether a request was sent to this host by a name that only this host has. Whoever serves without a token must ask: a
     * browser here runs other people's pages, and a page's own name may be made to point at us.
     *
     * @param header the header {@code Host}, with its port or without; null when there is none
     */
    public static boolean isAddressed(@Nullable String header) {
        if (header == null) {
            return false;
        }
        int colon = header.lastIndexOf(':');
        boolean portFollows = colon >= 0 && header.indexOf(']', colon) < 0;
        return isHost(portFollows ? header.substring(0, colon) : header);
    }
}
