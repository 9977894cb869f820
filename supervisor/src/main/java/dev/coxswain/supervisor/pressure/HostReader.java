package dev.coxswain.supervisor.pressure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the whole host, one small file after the other. Blocking: for a scheduler of files. Not thread-safe. */
final class HostReader {
    private static final String CORES = "/sys/devices/system/cpu/online";
    private static final String LOADAVG = "/proc/loadavg";

    private final HostTree tree;
    private final CgroupUse cgroups;
    private final List<Path> folders;
    private final FileSystems fileSystems;

    /** Looks at the files of {@code tree}, and at the file systems of these folders. */
    HostReader(HostTree tree, List<Path> folders, FileSystems fileSystems) {
        this.tree = tree;
        this.cgroups = new CgroupUse(tree);
        this.folders = List.copyOf(folders);
        this.fileSystems = fileSystems;
    }

    /** A reading of every resource. */
    Map<Resource, Pressure> look() {
        Map<Resource, Pressure> readings = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            Pressure reading;
            try {
                reading = read(resource);
            } catch (IOException | RuntimeException e) {
                // a path that is none, for example: whatever stands in these files, the fleet goes on
                reading = new Pressure.Unknown(e.toString());
            }
            readings.put(resource, reading);
        }
        return readings;
    }

    private Pressure read(Resource resource) throws IOException {
        return switch (resource) {
            case MEMORY -> new Pressure.Used(memory());
            case MEMORY_STALL -> new Pressure.Used(stalled("memory"));
            case DISK -> disk();
            case INODES -> new Pressure.Used(inodes());
            case CPU -> new Pressure.Used(cpu());
            case IO -> new Pressure.Used(stalled("io"));
            case LOAD -> new Pressure.Used(load().lastMinute() / cores());
            case OPEN_FILES -> new Pressure.Used(CgroupUse.share(tree.entries("/proc/self/fd"),
                    ProcTexts.openFiles(tree.text("/proc/self/limits"), "/proc/self/limits")));
            case PIDS -> new Pressure.Used(pids());
        };
    }

    private double memory() throws IOException {
        String meminfo = tree.text("/proc/meminfo");
        long total = ProcTexts.line(meminfo, "MemTotal", "/proc/meminfo");
        long available = ProcTexts.line(meminfo, "MemAvailable", "/proc/meminfo");
        return Math.max(CgroupUse.share(Math.max(0, total - available), total), cgroups.memory(total));
    }

    private double stalled(String what) throws IOException {
        String file = "/proc/pressure/" + what;
        return Math.min(1, ProcTexts.stalled(tree.text(file), file));
    }

    /** Where the kernel has no PSI (reading the file may be what fails), load tells how many of those runnable wait. */
    private double cpu() throws IOException {
        try {
            return stalled("cpu");
        } catch (IOException noPsi) {
            double load = load().lastMinute();
            return load == 0 ? 0 : Math.max(0, 1 - cores() / load);
        }
    }

    private ProcTexts.Load load() throws IOException {
        return ProcTexts.load(tree.text(LOADAVG), LOADAVG);
    }

    /** Of the host, since load is the host's: a quota may leave this JVM fewer. */
    private int cores() throws IOException {
        Optional<String> online = tree.textIfThere(CORES);
        return online.isPresent()
                ? ProcTexts.cores(online.get(), CORES)
                : Runtime.getRuntime().availableProcessors();
    }

    private double pids() throws IOException {
        String pidMax = "/proc/sys/kernel/pid_max";
        String threadsMax = "/proc/sys/kernel/threads-max";
        long limit = Math.min(ProcTexts.number(tree.text(pidMax), pidMax),
                ProcTexts.number(tree.text(threadsMax), threadsMax));
        return Math.max(CgroupUse.share(load().tasks(), limit), cgroups.pids());
    }

    private Pressure disk() throws IOException {
        double used = 0;
        long free = Long.MAX_VALUE;
        for (Path folder : folders) {
            FileSystems.Amount space = fileSystems.space(folder);
            used = Math.max(used, space.used());
            free = Math.min(free, space.free());
        }
        return new Pressure.Space(used, free);
    }

    private double inodes() throws IOException {
        double used = 0;
        for (Path folder : folders) {
            used = Math.max(used, fileSystems.inodes(folder).used());
        }
        return used;
    }
}
