package dev.coxswain.supervisor.coderunner;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Looks for ports of this host that nobody listens on, none of them twice at a time. Blocks for a moment. */
final class Ports {
    private static final int TRIES = 50;
    private final Set<Integer> taken = ConcurrentHashMap.newKeySet();

    /** A port that was free just now, kept until it is given back. */
    int take() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (taken.add(socket.getLocalPort())) {
                    return socket.getLocalPort();
                }
            }
        }
        throw new IOException("no free port was found");
    }

    void giveBack(int port) {
        taken.remove(port);
    }
}
