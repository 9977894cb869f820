package dev.coxswain.supervisor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.config.FleetFileLoader;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.shithub.RunnerProfile;

/** What the runners of shithub Actions say of themselves: the labels and slots of their pool, this host, our version. */
final class ShithubProfiles implements Function<Credential, RunnerProfile> {
    private static final String PROTOCOL = "shithub";

    private final String host = FleetFileLoader.hostName();
    private volatile Map<Secret, RunnerProfile> known = Map.of();

    /** Takes over what the pools of this configuration say. */
    void cover(FleetFile config) {
        Map<Secret, RunnerProfile> next = new HashMap<>();
        Set<String> planes = config.controlPlanes().values().stream().filter(plane -> PROTOCOL.equals(plane.protocol()))
                .map(ControlPlaneConfig::name).collect(Collectors.toSet());
        config.pools().stream().filter(pool -> planes.contains(pool.controlPlane()))
                .forEach(pool -> pool.credentials().forEach(credential -> next.put(credential.token(),
                        profile(pool.labels(), pool.slotsPerRunner()))));
        known = Map.copyOf(next);
    }

    /** One that a reload took away may still hold jobs, and says no more than that. */
    @Override
    public RunnerProfile apply(Credential credential) {
        RunnerProfile profile = known.get(credential.token());
        return profile == null ? profile(List.of(), 1) : profile;
    }

    private RunnerProfile profile(List<String> labels, int slots) {
        return new RunnerProfile(labels, slots, host, Version.current());
    }
}
