package dev.coxswain.supervisor.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;

/**
 * What a reload changes, in lines for people. No line holds a secret: of credentials only their number, of a workload's
 * command only that it changed.
 *
 * @param changes what takes effect now
 * @param needsRestart what was changed in the file and stays as it was until the next start
 */
public record FleetDiff(List<String> changes, List<String> needsRestart) {
    public FleetDiff {
        changes = List.copyOf(changes);
        needsRestart = List.copyOf(needsRestart);
    }

    /** Compares the configuration in force with that of the file. */
    public static FleetDiff between(FleetFile running, FleetFile file) {
        List<String> restart = new ArrayList<>();
        differs(restart, "supervisor.stateDir", running.stateDir(), file.stateDir());
        differs(restart, "supervisor.workDir", running.workDir(), file.workDir());
        differs(restart, "supervisor.admin.listen", address(running.admin().adminHost(), running.admin().adminPort()),
                address(file.admin().adminHost(), file.admin().adminPort()));
        differs(restart, "supervisor.metrics.listen",
                address(running.admin().metricsHost(), running.admin().metricsPort()),
                address(file.admin().metricsHost(), file.admin().metricsPort()));
        if (!running.served().equals(file.served())) {
            Set<String> names = new TreeSet<>(running.served().keySet());
            names.addAll(file.served().keySet());
            names.stream().filter(name -> !Objects.equals(running.served().get(name), file.served().get(name)))
                    .forEach(name -> restart
                            .add("controlPlanes." + name + ": is served from the start on as it was then"));
        }
        if (!running.sharding().equals(file.sharding())) {
            restart.add("sharding: is from the start on as it was then");
        }
        FleetFile next = file.keeping(running);
        if (!Objects.equals(next.admin().token(), file.admin().token())) {
            restart.add("supervisor.admin.tokenFile: without it only a loopback address is allowed");
        }
        List<String> changes = new ArrayList<>();
        supervisor(changes, running, next);
        named(changes, "controlPlanes", running.controlPlanes(), next.controlPlanes(), FleetDiff::plane);
        named(changes, "executors", running.executors(), next.executors(),
                (lines, path, before, after) -> lines.add(path + ": changed, for jobs that begin from now on"));
        named(changes, "pools", byName(running), byName(next), FleetDiff::pool);
        return new FleetDiff(changes, restart);
    }

    private static void supervisor(List<String> lines, FleetFile before, FleetFile after) {
        differs(lines, "supervisor.name", before.name(), after.name());
        if (!Objects.equals(before.admin().token(), after.admin().token())) {
            lines.add("supervisor.admin: another token");
        }
        differs(lines, "supervisor.drain.grace", DurationText.format(before.drainGrace()),
                DurationText.format(after.drainGrace()));
        differs(lines, "supervisor.logs.spillPerJob", SizeText.format(before.logs().spillPerJobBytes()),
                SizeText.format(after.logs().spillPerJobBytes()));
        differs(lines, "supervisor.logs.maxPerJob", SizeText.format(before.logs().maxPerJobBytes()),
                SizeText.format(after.logs().maxPerJobBytes()));
        if (!Objects.equals(before.traces(), after.traces())) {
            lines.add("supervisor.traces: changed; jobs that run now get no whole trace");
        }
        differs(lines, "slots.total", before.slots().total(), after.slots().total());
        if (!before.refuseWhen().equals(after.refuseWhen())) {
            lines.add("slots.refuseWhen: changed");
        }
        differs(lines, "uploads.parallel", before.uploads().parallel(), after.uploads().parallel());
        differs(lines, "uploads.perJob", before.uploads().perJob(), after.uploads().perJob());
    }

    private static void plane(List<String> lines, String path, ControlPlaneConfig before, ControlPlaneConfig after) {
        differs(lines, path + ".protocol", before.protocol(), after.protocol());
        differs(lines, path + ".url", before.url(), after.url());
        differs(lines, path + ".requestsPerSecond", before.requestsPerSecond(), after.requestsPerSecond());
        differs(lines, path + ".poll.min", DurationText.format(before.pollMin()), DurationText.format(after.pollMin()));
        differs(lines, path + ".poll.max", DurationText.format(before.pollMax()), DurationText.format(after.pollMax()));
    }

    private static void pool(List<String> lines, String path, PoolConfig before, PoolConfig after) {
        differs(lines, path + ".controlPlane", before.controlPlane(), after.controlPlane());
        differs(lines, path + ".executor", before.executor(), after.executor());
        differs(lines, path + ".weight", before.weight(), after.weight());
        differs(lines, path + ".minSlots", or(before.minSlots(), "0"), or(after.minSlots(), "0"));
        differs(lines, path + ".maxSlots", or(before.maxSlots(), "all"), or(after.maxSlots(), "all"));
        differs(lines, path + ".slotsPerRunner", before.slotsPerRunner(), after.slotsPerRunner());
        differs(lines, path + ".labels", before.labels(), after.labels());
        if (!before.workload().equals(after.workload())) {
            lines.add(path + ".workload: changed, for jobs that begin from now on");
        }
        int added = without(after.credentials(), before.credentials());
        int removed = without(before.credentials(), after.credentials());
        if (added + removed > 0) {
            lines.add(path + ".credentials: " + added + " added, " + removed + " removed");
        }
    }

    /** How many of these are not among those. */
    private static int without(List<Credential> these, List<Credential> those) {
        Set<Credential> left = new HashSet<>(these);
        those.forEach(left::remove);
        return left.size();
    }

    private static <T> void named(List<String> lines, String path, Map<String, T> before, Map<String, T> after,
            Changed<T> changed) {
        before.keySet().stream().filter(name -> !after.containsKey(name))
                .forEach(name -> lines.add(path + "." + name + ": removed"));
        after.forEach((name, next) -> {
            T former = before.get(name);
            if (former == null) {
                lines.add(path + "." + name + ": added");
            } else if (!former.equals(next)) {
                changed.tell(lines, path + "." + name, former, next);
            }
        });
    }

    private static void differs(List<String> lines, String key, Object before, Object after) {
        if (!before.equals(after)) {
            lines.add(key + ": " + before + " to " + after);
        }
    }

    private static Map<String, PoolConfig> byName(FleetFile file) {
        return file.pools().stream().collect(Collectors.toMap(PoolConfig::name, pool -> pool));
    }

    private static String or(OptionalInt value, String absent) {
        return value.isPresent() ? Integer.toString(value.getAsInt()) : absent;
    }

    private static String address(String host, int port) {
        return host + ":" + port;
    }

    private interface Changed<T> {
        void tell(List<String> lines, String path, T before, T after);
    }
}
