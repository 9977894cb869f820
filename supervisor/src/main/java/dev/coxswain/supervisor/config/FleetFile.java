package dev.coxswain.supervisor.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.admin.AdminConfig;
import dev.coxswain.supervisor.coderunner.CoderunnerConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Loopback;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.logs.LogsConfig;
import dev.coxswain.supervisor.pressure.PressureConfig;
import dev.coxswain.supervisor.runner.SlotsConfig;
import dev.coxswain.supervisor.shard.ShardingConfig;
import dev.coxswain.supervisor.traces.TracesConfig;
import dev.coxswain.supervisor.upload.UploadConfig;

/**
 * The whole configuration, checked: every reference leads somewhere and every value is in its range.
 *
 * @param name of this supervisor; default the host name
 * @param stateDir absolute; journal and logs; default {@code .coxswain} in the current folder
 * @param workDir absolute; workspaces; default {@code work} in {@code stateDir}
 * @param admin where the servers listen, and the admin token
 * @param drainGrace how long running jobs may go on after the first signal; default 10 min
 * @param logs limits of job output
 * @param slots how many jobs at once
 * @param refuseWhen when the host takes no new jobs; default never
 * @param uploads how many uploads at once
 * @param controlPlanes by name, in the order of the file
 * @param served of these the ones that we serve ourselves, by name
 * @param executors by name, in the order of the file; {@code host} alone when the file has none
 * @param pools in the order of the file, at least one
 * @param sharding how several supervisors share the credentials
 * @param warnings what is allowed and still not right, one line each with its place; {@code cox check --strict} refuses
 *        them
 * @param secrets everything that must never appear in a log: credentials, the admin token, and what <code>${…}</code> put
 *        into {@code workload.env}
 * @param traces where traces of jobs go; null when nowhere
 */
public record FleetFile(String name, Path stateDir, Path workDir, AdminConfig admin, Duration drainGrace,
        LogsConfig logs, SlotsConfig slots, PressureConfig refuseWhen, UploadConfig uploads,
        Map<String, ControlPlaneConfig> controlPlanes, Map<String, CoderunnerConfig> served,
        Map<String, ExecutorEntry> executors, List<PoolConfig> pools, ShardingConfig sharding,
        List<String> warnings, List<Secret> secrets, @Nullable TracesConfig traces) {
    public FleetFile {
        controlPlanes = Collections.unmodifiableMap(new LinkedHashMap<>(controlPlanes));
        served = Collections.unmodifiableMap(new LinkedHashMap<>(served));
        executors = Collections.unmodifiableMap(new LinkedHashMap<>(executors));
        pools = List.copyOf(pools);
        warnings = List.copyOf(warnings);
        secrets = List.copyOf(secrets);
    }

    /**
     * This configuration as a supervisor that runs on {@code running} may take it over: folders and listen addresses stay
     * until a restart. So does the admin token, when dropping it would open an address to everybody; and control planes that
     * we serve are those that are served already, as they are.
     */
    public FleetFile keeping(FleetFile running) {
        AdminConfig bound = running.admin();
        Secret token = admin.token() == null && !Loopback.isHost(bound.adminHost())
                ? bound.token()
                : admin.token();
        Map<String, ExecutorEntry> kept = new LinkedHashMap<>();
        executors.forEach((executor, entry) -> kept.put(executor, switch (entry) {
            case ExecutorEntry.ProcessExecutor(var process) ->
                new ExecutorEntry.ProcessExecutor(process.in(running.workDir()));
            case ExecutorEntry.ContainerExecutor(var containers) -> new ExecutorEntry.ContainerExecutor(
                    containers.in(running.stateDir(), running.workDir()));
            case ExecutorEntry.KubernetesExecutor(var pods) -> new ExecutorEntry.KubernetesExecutor(
                    pods.in(running.stateDir(), running.workDir()));
        }));
        Map<String, ControlPlaneConfig> planes = new LinkedHashMap<>(controlPlanes);
        // what is served from the start only can't become another one, nor one that is called
        planes.keySet().removeIf(plane -> served.containsKey(plane) != running.served().containsKey(plane));
        return new FleetFile(name, running.stateDir(), running.workDir(),
                new AdminConfig(bound.adminHost(), bound.adminPort(), token, bound.metricsHost(), bound.metricsPort()),
                drainGrace, logs, slots, refuseWhen, uploads, planes, running.served(), kept,
                pools.stream().filter(pool -> planes.containsKey(pool.controlPlane())).toList(), running.sharding(),
                warnings, secrets, traces);
    }
}
