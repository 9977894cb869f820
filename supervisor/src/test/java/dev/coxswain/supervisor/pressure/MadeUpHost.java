package dev.coxswain.supervisor.pressure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The files of a host in a folder, and file systems that say what they are told. */
final class MadeUpHost {
    static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             96365                96365                processes
            Max open files            20                   524288               files
            """;
    private final Path root;
    FileSystems.Amount space = new FileSystems.Amount(1000, 400);
    FileSystems.Amount inodes = new FileSystems.Amount(100, 90);

    /** A host with 4 cores, 1000 kB of memory of which 600 are available, PSI, and no control groups. */
    MadeUpHost(Path root) {
        this.root = root;
        file("proc/meminfo", "MemTotal:        1000 kB\nMemFree:          10 kB\nMemAvailable:     600 kB\n");
        file("proc/loadavg", "2.00 1.18 2.07 1/100 25767\n");
        file("proc/pressure/cpu", "some avg10=12.50 avg60=1.41 avg300=12.06 total=67\n");
        file("proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
        file("proc/pressure/io", "some avg10=100.00 avg60=0.03 avg300=0.21 total=7\n");
        file("proc/sys/kernel/pid_max", "32768\n");
        file("proc/sys/kernel/threads-max", "1000\n");
        file("proc/self/limits", LIMITS);
        for (int i = 0; i < 5; i++) {
            file("proc/self/fd/" + i, "");
        }
        file("sys/devices/system/cpu/online", "0-2,7\n");
    }

    MadeUpHost file(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    MadeUpHost without(String name) {
        try {
            Files.deleteIfExists(root.resolve(name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Control groups of v2, this process in {@code /a/b}. */
    MadeUpHost unified() {
        file("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
        return file("proc/self/cgroup", "0::/a/b\n");
    }

    /** Control groups of v1 beside an empty v2, this process in {@code /a/b}, as in a container that sees the host's paths. */
    MadeUpHost old() {
        file("proc/self/mountinfo", """
                35 31 0:32 /a /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                40 31 0:37 /a /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
                41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """);
        return file("proc/self/cgroup", "9:name=systemd:/\n8:pids:/a/b\n4:cpu,memory:/a/b\n0::/\n");
    }

    MadeUpHost memoryOfGroup(String folder, String limit, long used, long inactive) {
        file("sys/fs/cgroup/" + folder + "/memory.max", limit + "\n");
        file("sys/fs/cgroup/" + folder + "/memory.current", used + "\n");
        return file("sys/fs/cgroup/" + folder + "/memory.stat", "anon 1\ninactive_file " + inactive + "\nfile 3\n");
    }

    MadeUpHost memoryOfOldGroup(String folder, String limit, long used, long inactive) {
        file("sys/fs/cgroup/memory" + folder + "/memory.limit_in_bytes", limit + "\n");
        file("sys/fs/cgroup/memory" + folder + "/memory.usage_in_bytes", used + "\n");
        return file("sys/fs/cgroup/memory" + folder + "/memory.stat",
                "inactive_file 1\ntotal_inactive_file " + inactive + "\n");
    }

    Map<Resource, Pressure> look() {
        return reader().look();
    }

    double ratio(Resource resource) {
        Pressure reading = look().get(resource);
        return reading == null ? Double.NaN : reading.ratio();
    }

    HostReader reader() {
        return new HostReader(new HostTree(root), List.of(Path.of("work"), Path.of("state")), new FileSystems() {
            @Override
            public Amount space(Path folder) {
                return folder.endsWith("state") ? space : new Amount(1000, 500);
            }

            @Override
            public Amount inodes(Path folder) throws IOException {
                if (inodes.total() == 0) {
                    throw new IOException("no inodes here");
                }
                return inodes;
            }
        });
    }
}
