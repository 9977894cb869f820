package dev.coxswain.executors.process;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** The memory that one call of {@code posix_spawn} points to: strings, lists of them, and its opaque parts. */
final class SpawnCall implements AutoCloseable {
    /** As the JDK writes the names of files; where it can't write more than ASCII, UTF-8 does no harm. */
    private static final Charset CHARSET = charset();

    private final List<byte[]> strings = new ArrayList<>();
    private final Memory memory;
    private final long textFrom;
    private long textAt;
    private long pointerAt = Libc.OPAQUE_BYTES + Long.BYTES;

    final Pointer actions;
    final Pointer pid;
    final Pointer file;
    final Pointer directory;
    final Pointer argv;
    final Pointer environment;
    final Pointer devNull;
    final Pointer leaf;

    SpawnCall(Spawner.Start start, String file, List<String> argv) {
        Map<String, String> variables = start.environment();
        long bytes = add("/dev/null") + add(file) + add(start.directory().toString())
                + add(start.leaf() == null ? "" : start.leaf().path().toString());
        for (String argument : argv) {
            bytes += add(argument);
        }
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            bytes += add(variable.getKey() + "=" + variable.getValue());
        }
        textFrom = pointerAt + (long) Long.BYTES * (argv.size() + variables.size() + 2);
        textAt = textFrom;
        memory = new Memory(textFrom + bytes);
        memory.clear(textFrom);
        actions = memory.share(0, Libc.OPAQUE_BYTES);
        pid = memory.share(Libc.OPAQUE_BYTES, Long.BYTES);
        devNull = memory.share(put(0));
        this.file = memory.share(put(1));
        directory = memory.share(put(2));
        leaf = memory.share(put(3));
        this.argv = list(4, argv.size());
        environment = list(4 + argv.size(), variables.size());
    }

    private static Charset charset() {
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    private long add(String text) {
        byte[] bytes = text.getBytes(CHARSET);
        strings.add(bytes);
        return bytes.length + 1L;
    }

    private long put(int index) {
        byte[] bytes = strings.get(index);
        long at = textAt;
        memory.write(at, bytes, 0, bytes.length);
        memory.setByte(at + bytes.length, (byte) 0);
        textAt += bytes.length + 1L;
        return at;
    }

    /** A list of pointers, ended by a null. */
    private Pointer list(int from, int size) {
        Pointer list = memory.share(pointerAt);
        for (int i = 0; i < size; i++) {
            memory.setPointer(pointerAt, memory.share(put(from + i)));
            pointerAt += Long.BYTES;
        }
        pointerAt += Long.BYTES;
        return list;
    }

    @Override
    public void close() {
        memory.close();
    }
}
