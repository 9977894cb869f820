package dev.coxswain.supervisor.doctor;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the files of this host and this JVM tell; blocking, for the doctor's scheduler. */
final class HostFindings {
    /** Under this a few hundred jobs with connections and pipes run out. */
    private static final long FEW_FILES = 8192;
    private static final long FEW_PIDS = 4096;
    private static final long LITTLE_MEMORY = 1L << 30;
    private static final int OLDEST_JDK = 21;

    private final HostFiles files;

    HostFindings(HostFiles files) {
        this.files = files;
    }

    List<Finding> all() {
        List<Finding> found = new ArrayList<>();
        found.add(jdk(Runtime.version().feature(), System.getProperty("java.vendor", "unknown vendor")));
        found.add(Finding.ok("heap", "up to " + Amounts.bytes(Runtime.getRuntime().maxMemory()) + ", "
                + Runtime.getRuntime().availableProcessors() + " processors"));
        found.add(proc());
        found.add(memory());
        found.addAll(cgroups());
        found.add(userNamespaces());
        found.add(limit("open files", "Max open files", FEW_FILES, "raise LimitNOFILE= or ulimit -n"));
        found.add(limit("processes", "Max processes", FEW_PIDS, "raise LimitNPROC= or ulimit -u"));
        found.add(pidMax());
        found.add(pressure());
        found.add(monotonic());
        return found;
    }

    static Finding jdk(int feature, String vendor) {
        String detail = "Java " + feature + ", " + vendor;
        return feature >= OLDEST_JDK
                ? Finding.ok("jdk", detail)
                : Finding.missing("jdk", detail, "Java " + OLDEST_JDK + " or newer is needed");
    }

    private Finding proc() {
        return files.exists("/proc/self/stat")
                ? Finding.ok("proc", "/proc is there")
                : Finding.missing("proc", "/proc is not there",
                        "processes of a former life can't be found after a restart: mount /proc");
    }

    private Finding memory() {
        String meminfo = files.text("/proc/meminfo").orElse("");
        OptionalLong total = ProcTexts.memory(meminfo, "MemTotal");
        OptionalLong available = ProcTexts.memory(meminfo, "MemAvailable");
        if (total.isEmpty() || available.isEmpty()) {
            return Finding.warn("memory", "not known: no /proc/meminfo",
                    "slots.refuseWhen.memoryAbove can't be used on this host");
        }
        String detail = Amounts.bytes(available.getAsLong()) + " available of " + Amounts.bytes(total.getAsLong());
        return available.getAsLong() >= LITTLE_MEMORY
                ? Finding.ok("memory", detail)
                : Finding.warn("memory", detail, "little is left for jobs: fewer slots, or slots.refuseWhen");
    }

    private List<Finding> cgroups() {
        Cgroups cgroups = Cgroups.parse(files.text("/proc/self/mountinfo").orElse(""),
                files.text("/proc/self/cgroup").orElse(""));
        Optional<Path> own = cgroups.own();
        String kind = switch (cgroups.kind()) {
            case V1 -> "v1 only";
            case V2 -> "v2";
            case HYBRID -> "hybrid (v1 controllers beside v2)";
            case NONE -> "none mounted";
        };
        if (own.isEmpty()) {
            return List.of(Finding.warn("cgroup", kind,
                    "limits of CPU, memory and pids need cgroup v2; jobs are still stopped by session and pid"));
        }
        List<Finding> found = new ArrayList<>();
        String where = kind + ", this process is in " + own.get();
        found.add(files.isWritable(own.get())
                ? Finding.ok("cgroup", where + ", writable")
                : Finding.warn("cgroup", where + ", not writable",
                        "delegate it: systemd unit with Delegate=yes, or a container with a writable cgroup"));
        String controllers = files.text(own.get() + "/cgroup.controllers").orElse("").strip();
        boolean enough = List.of(controllers.split(" ")).containsAll(List.of("cpu", "memory", "pids"));
        found.add(enough
                ? Finding.ok("cgroup controllers", controllers)
                : Finding.warn("cgroup controllers", controllers.isEmpty() ? "none here" : controllers,
                        "limits need cpu, memory and pids in the unified hierarchy"));
        // The root of the hierarchy has no cgroup.kill, its children have: the kernel's version decides then.
        boolean kills = files.exists(own.get() + "/cgroup.kill")
                || Kernel.parse(files.text("/proc/sys/kernel/osrelease").orElse("")).isAtLeast(5, 14);
        found.add(kills
                ? Finding.ok("cgroup.kill", "a whole job is killed in one write")
                : Finding.warn("cgroup.kill", "not known to this kernel",
                        "Linux 5.14 or newer kills a whole job at once; older ones process by process"));
        return found;
    }

    private Finding userNamespaces() {
        OptionalLong most = ProcTexts.number(files.text("/proc/sys/user/max_user_namespaces"));
        OptionalLong debian = ProcTexts.number(files.text("/proc/sys/kernel/unprivileged_userns_clone"));
        OptionalLong apparmor = ProcTexts.number(files.text("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"));
        if (most.isEmpty() || most.getAsLong() == 0) {
            return Finding.warn("user namespaces", "none allowed",
                    "sandbox: bubblewrap needs them: sysctl user.max_user_namespaces");
        }
        if (debian.orElse(1) == 0) {
            return Finding.warn("user namespaces", "not for unprivileged users",
                    "sandbox: bubblewrap needs them: sysctl kernel.unprivileged_userns_clone=1");
        }
        if (apparmor.orElse(0) == 1) {
            return Finding.warn("user namespaces", "restricted by AppArmor",
                    "sandbox: bubblewrap needs a profile with userns, or sysctl"
                            + " kernel.apparmor_restrict_unprivileged_userns=0");
        }
        return Finding.ok("user namespaces", "up to " + most.getAsLong());
    }

    private Finding limit(String name, String line, long few, String hint) {
        Optional<ProcTexts.Limit> limit = ProcTexts.limit(files.text("/proc/self/limits").orElse(""), line);
        if (limit.isEmpty()) {
            return Finding.warn(name, "not known: no /proc/self/limits", hint);
        }
        return limit.get().soft() >= few
                ? Finding.ok(name, limit.get().toString())
                : Finding.warn(name, limit.get().toString(), hint);
    }

    private Finding pidMax() {
        OptionalLong most = ProcTexts.number(files.text("/proc/sys/kernel/pid_max"));
        if (most.isEmpty()) {
            return Finding.warn("pids", "not known: no /proc/sys/kernel/pid_max", "mount /proc");
        }
        return most.getAsLong() >= FEW_PIDS
                ? Finding.ok("pids", "host-wide up to " + most.getAsLong())
                : Finding.warn("pids", "host-wide up to " + most.getAsLong(), "sysctl kernel.pid_max");
    }

    private Finding pressure() {
        // The file exists on kernels where reading it says "not supported".
        return files.text("/proc/pressure/cpu").filter(text -> text.startsWith("some ")).isPresent()
                ? Finding.ok("pressure", "/proc/pressure tells of CPU, memory and IO stalls")
                : Finding.warn("pressure", "no pressure stall information",
                        "slots.refuseWhen.pressureAbove can't be used: boot with psi=1");
    }

    private Finding monotonic() {
        String source = files.text("/sys/devices/system/clocksource/clocksource0/current_clocksource")
                .map(String::strip).orElse("not known");
        return Finding.ok("monotonic clock", "source " + source + ", time zone " + ZoneId.systemDefault());
    }
}
