package dev.coxswain.supervisor.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;

/**
 * The datagram socket of {@code sd_notify(3)}. Through the C library, because the JDK's channels know no datagrams on Unix
 * sockets. Contract: {@code NOTIFY_SOCKET} is an absolute path, or begins with {@code @} for Linux' abstract names, whose first
 * byte is 0 on the wire and whose length ends the name; each message is one datagram of {@code NAME=value} lines.
 */
final class NotifySocket {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_BYTES = 2;
    /** {@code sun_path} has 108 bytes; a path needs one for the 0 at its end. */
    private static final int MOST_PATH = 107;

    static {
        Native.register(NotifySocket.class, "c");
    }

    private final Memory address;

    /** @throws IOException when this can't be the name of such a socket */
    NotifySocket(String name) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (!Platform.isLinux()) {
            throw new IOException("datagrams to a service manager are sent on Linux only");
        }
        if ((!name.startsWith("/") && !name.startsWith("@")) || bytes.length < 2 || bytes.length > MOST_PATH) {
            throw new IOException("not a Unix socket of 2 to " + MOST_PATH + " bytes that begins with / or @: " + name);
        }
        boolean named = bytes[0] == '/';
        if (!named) {
            bytes[0] = 0;
        }
        address = new Memory(FAMILY_BYTES + bytes.length + (named ? 1L : 0L));
        address.clear();
        address.setShort(0, (short) AF_UNIX);
        address.write(FAMILY_BYTES, bytes, 0, bytes.length);
    }

    /** Sends one datagram; may wait while the manager's queue is full. */
    synchronized void send(String message) throws IOException {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw new IOException("no socket: error " + Native.getLastError());
        }
        try (Memory text = new Memory(bytes.length)) {
            text.write(0, bytes, 0, bytes.length);
            if (sendto(descriptor, text, bytes.length, MSG_NOSIGNAL, address, Math.toIntExact(address.size())) < 0) {
                throw new IOException("the datagram was not taken: error " + Native.getLastError());
            }
        } finally {
            close(descriptor);
        }
    }

    private static native int socket(int domain, int type, int protocol);

    private static native long sendto(int descriptor, Pointer bytes, long length, int flags, Pointer address,
            int addressLength);

    private static native int close(int descriptor);
}
