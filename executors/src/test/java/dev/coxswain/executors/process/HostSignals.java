package dev.coxswain.executors.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this JVM was given by whoever started it. */
final class HostSignals {
    private static final String IGNORED = "SigIgn:\t";

    private HostSignals() {}

    /** The signals that it ignores, as a set of bits. */
    static long ignored() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(each -> each.startsWith(IGNORED)).findFirst().orElseThrow();
        return Long.parseUnsignedLong(line.substring(IGNORED.length()), 16);
    }
}
