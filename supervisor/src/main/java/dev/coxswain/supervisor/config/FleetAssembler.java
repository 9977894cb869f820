package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.admin.AdminConfig;
import dev.coxswain.supervisor.config.FleetKeys.RefuseWhen;
import dev.coxswain.supervisor.config.FleetKeys.Root;
import dev.coxswain.supervisor.config.FleetKeys.Supervisor;
import dev.coxswain.supervisor.config.FleetKeys.Uploads;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.logs.LogsConfig;
import dev.coxswain.supervisor.pressure.PressureConfig;
import dev.coxswain.supervisor.runner.SlotsConfig;
import dev.coxswain.supervisor.shard.ShardingConfig;
import dev.coxswain.supervisor.traces.TracesConfig;
import dev.coxswain.supervisor.upload.UploadConfig;

/** Makes the rooms' records out of the sections, and checks what no single value can tell. */
final class FleetAssembler {
    private final Reader reader;
    private final Section root;
    private final Map<String, String> environment;
    private final Path currentFolder;
    private final Supplier<String> hostName;
    private final Set<Secret> secrets = new LinkedHashSet<>();

    FleetAssembler(Reader reader, Section root, Map<String, String> environment, Path currentFolder,
            Supplier<String> hostName) {
        this.reader = reader;
        this.root = root;
        this.environment = environment;
        this.currentFolder = currentFolder;
        this.hostName = hostName;
    }

    /** The whole configuration; null when there is a problem, here or from before. */
    @Nullable
    FleetFile assemble() {
        Section supervisor = root.below(Root.SUPERVISOR);
        Path stateDir = orElse(supervisor.file(Supervisor.STATE_DIR), currentFolder.resolve(".coxswain"));
        Path workDir = orElse(supervisor.file(Supervisor.WORK_DIR), stateDir.resolve("work"));
        if (stateDir.startsWith(workDir)) {
            supervisor.refuse(Supervisor.WORK_DIR, "must not hold stateDir",
                    "leftovers in workDir are removed at start");
        }
        AdminConfig admin = new AdminAssembler(reader, supervisor, secrets).assemble();
        TracesConfig traces = new TracesAssembler(secrets).assemble(supervisor);
        Section logs = supervisor.below(Supervisor.LOGS);
        Map<String, Section> planeSections = orElse(root.find(Root.CONTROL_PLANES), Map.of());
        if (planeSections.isEmpty() && root.find(Root.CONTROL_PLANES) != null) {
            root.refuse(Root.CONTROL_PLANES, "names no control plane", "at least one is needed");
        }
        Map<String, ControlPlaneConfig> planes = new LinkedHashMap<>();
        PlanesAssembler assembler = new PlanesAssembler();
        planeSections.forEach((name, section) -> {
            ControlPlaneConfig plane = assembler.plane(name, section);
            if (plane != null) {
                planes.put(name, plane);
            }
        });
        Map<String, ExecutorEntry> executors = new ExecutorsAssembler(stateDir, workDir, name(supervisor))
                .assemble(root);
        SlotsConfig slots = new SlotsConfig(root.below(Root.SLOTS).get(FleetKeys.Slots.TOTAL));
        List<PoolConfig> pools = new PoolsAssembler(reader, environment, planeSections, planes, executors,
                secrets).assemble(root, slots);
        UploadConfig uploads = uploads(root.below(Root.UPLOADS));
        warnUnused(planes, executors, pools);
        ShardingConfig sharding = new ShardingAssembler(environment, hostName).assemble(root.below(Root.SHARDING),
                name(supervisor), planes, assembler.served().keySet());
        if (!reader.problems().isEmpty()) {
            return null;
        }
        Duration grace = supervisor.below(Supervisor.DRAIN).get(FleetKeys.Drain.GRACE);
        return new FleetFile(name(supervisor), stateDir, workDir, admin, grace,
                new LogsConfig(logs.get(FleetKeys.Logs.SPILL_PER_JOB), logs.get(FleetKeys.Logs.MAX_PER_JOB)), slots,
                refuseWhen(root.below(Root.SLOTS).below(FleetKeys.Slots.REFUSE_WHEN)), uploads, planes,
                assembler.served(),
                ExecutorsAssembler.hiding(executors, reader.filesRead()), pools, sharding,
                reader.problems().warnings(reader.file()),
                List.copyOf(secrets), traces);
    }

    private String name(Section supervisor) {
        String name = supervisor.find(Supervisor.NAME);
        if (name != null) {
            return name;
        }
        String host = hostName.get().replaceAll("[^A-Za-z0-9._-]", "-");
        return host.matches(Values.NAME) ? host : "coxswain";
    }

    private static PressureConfig refuseWhen(Section refuse) {
        Long free = refuse.find(RefuseWhen.DISK_FREE_BELOW);
        return new PressureConfig(share(refuse, RefuseWhen.MEMORY_ABOVE),
                free == null ? OptionalLong.empty() : OptionalLong.of(free),
                share(refuse, RefuseWhen.INODES_FREE_BELOW), share(refuse, RefuseWhen.LOAD_PER_CORE_ABOVE),
                share(refuse, RefuseWhen.PRESSURE_ABOVE), share(refuse, RefuseWhen.OPEN_FILES_ABOVE),
                share(refuse, RefuseWhen.PIDS_ABOVE));
    }

    private static OptionalDouble share(Section section, ConfigKey<Double> key) {
        Double value = section.find(key);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static UploadConfig uploads(Section uploads) {
        int parallel = uploads.get(Uploads.PARALLEL);
        int perJob = uploads.isWritten(Uploads.PER_JOB)
                ? uploads.get(Uploads.PER_JOB)
                : Math.min(UploadConfig.DEFAULT.perJob(), parallel);
        if (perJob > parallel) {
            uploads.refuse(Uploads.PER_JOB, "is more than uploads.parallel (" + parallel + ")", null);
        }
        return new UploadConfig(parallel, perJob);
    }

    private void warnUnused(Map<String, ControlPlaneConfig> planes, Map<String, ExecutorEntry> executors,
            List<PoolConfig> pools) {
        List<String> unused = new ArrayList<>(planes.keySet());
        pools.forEach(pool -> unused.remove(pool.controlPlane()));
        unused.forEach(name -> root.warn(Root.CONTROL_PLANES, "no pool uses " + name, null));
        List<String> idle = new ArrayList<>(executors.keySet());
        pools.forEach(pool -> idle.remove(pool.executor()));
        idle.forEach(name -> root.warn(Root.EXECUTORS, "no pool uses " + name, null));
    }

    private static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }
}
