package dev.coxswain.executors.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.StringTokenizer;

import org.jspecify.annotations.Nullable;

/** The kernel's table of processes ({@code /proc}). A process that ends while it is looked at counts as gone. */
final class ProcTable {
    private static final File PROC = new File("/proc");
    private static final int PAGE_BYTES = 4096;
    /** USER_HZ: 100 on every Linux that Java runs on. */
    private static final int TICKS_PER_SECOND = 100;

    /** Whether this host has such a table (Linux). */
    static final boolean PRESENT = new File(PROC, "self/stat").canRead();

    private ProcTable() {}

    /**
     * What one process is.
     *
     * @param start when it started, in clock ticks since boot: with the pid it names a process for good
     */
    record Stat(int pid, char state, int parent, int group, int session, long start) {
        boolean alive() {
            return state != 'Z' && state != 'X';
        }
    }

    /** All processes, the dead that nobody has waited for included. */
    static List<Stat> all() {
        String[] names = PROC.list();
        List<Stat> stats = new ArrayList<>();
        if (names == null) {
            return stats;
        }
        for (String name : names) {
            char first = name.charAt(0);
            if (first >= '1' && first <= '9') {
                Stat stat = stat(Integer.parseInt(name));
                if (stat != null) {
                    stats.add(stat);
                }
            }
        }
        return stats;
    }

    static @Nullable Stat stat(int pid) {
        try {
            return parse(pid, read("/proc/" + pid + "/stat"));
        } catch (IOException e) {
            return null;
        }
    }

    /** Memory that a process holds and that no file stands behind; 0 when it is gone. */
    static long memoryBytes(int pid) {
        try {
            StringTokenizer pages = new StringTokenizer(read("/proc/" + pid + "/statm"));
            pages.nextToken();
            long resident = Long.parseLong(pages.nextToken());
            return (resident - Long.parseLong(pages.nextToken())) * PAGE_BYTES;
        } catch (IOException | NoSuchElementException | NumberFormatException e) {
            return 0;
        }
    }

    /** The time on the clock of {@link Stat#start()}, rather too early than too late; 0 when it can't be told. */
    static long now() {
        try {
            String[] seconds = read("/proc/uptime").split("[. ]", 3);
            return Math.max(0, Long.parseLong(seconds[0]) * TICKS_PER_SECOND);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** The first page of one of the kernel's small files, in one read. */
    static String read(String file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] page = new byte[PAGE_BYTES];
            int length = in.read(page);
            return new String(page, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
        }
    }

    /** The program's name may hold blanks and parentheses, so the fields are counted from the last parenthesis. */
    static @Nullable Stat parse(int pid, String line) {
        int end = line.lastIndexOf(')');
        if (end < 0) {
            return null;
        }
        StringTokenizer fields = new StringTokenizer(line.substring(end + 1));
        if (fields.countTokens() < 20) {
            return null;
        }
        char state = fields.nextToken().charAt(0);
        int parent = Integer.parseInt(fields.nextToken());
        int group = Integer.parseInt(fields.nextToken());
        int session = Integer.parseInt(fields.nextToken());
        for (int field = 7; field < 22; field++) {
            fields.nextToken();
        }
        return new Stat(pid, state, parent, group, session, Long.parseLong(fields.nextToken()));
    }

    /** The value of one variable the process was started with, or null: not set, not ours to read, or gone. */
    static @Nullable String variable(int pid, String name) {
        byte[] environment;
        try {
            environment = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
        } catch (IOException e) {
            return null;
        }
        String prefix = name + "=";
        int from = 0;
        for (int at = 0; at <= environment.length; at++) {
            if (at == environment.length || environment[at] == 0) {
                String entry = new String(environment, from, at - from, StandardCharsets.UTF_8);
                if (entry.startsWith(prefix)) {
                    return entry.substring(prefix.length());
                }
                from = at + 1;
            }
        }
        return null;
    }
}
