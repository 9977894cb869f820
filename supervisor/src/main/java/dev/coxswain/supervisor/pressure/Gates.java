package dev.coxswain.supervisor.pressure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import org.jspecify.annotations.Nullable;

/** The limits of one configuration. Not thread-safe. */
final class Gates {
    private final List<Gate> gates = new ArrayList<>();

    Gates(PressureConfig config) {
        above(Resource.MEMORY, config.memoryAbove());
        config.diskFreeBelow().ifPresent(
                bytes -> gates.add(new Gate(new Limit.DiskFreeBelow(bytes))));
        config.inodesFreeBelow().ifPresent(
                share -> gates.add(new Gate(new Limit.InodesFreeBelow(share))));
        above(Resource.LOAD, config.loadPerCoreAbove());
        for (Resource stalling : List.of(Resource.CPU, Resource.MEMORY_STALL, Resource.IO)) {
            above(stalling, config.pressureAbove());
        }
        above(Resource.OPEN_FILES, config.openFilesAbove());
        above(Resource.PIDS, config.pidsAbove());
    }

    private void above(Resource resource, OptionalDouble ratio) {
        ratio.ifPresent(most -> gates.add(new Gate(new Limit.Above(resource, most))));
    }

    /** A limit that is the same as in the old configuration goes on where it was. */
    Gates goingOnFrom(Gates old) {
        gates.replaceAll(gate -> old.gates.stream().filter(known -> known.limit().equals(gate.limit())).findFirst()
                .orElse(gate));
        return this;
    }

    boolean limit(Resource resource) {
        return gates.stream().anyMatch(gate -> gate.limit().resource() == resource);
    }

    /** Shows the readings to every limit; the first one that refuses says so. */
    @Nullable
    Shortage shortage(Map<Resource, Pressure> readings, long nowNanos) {
        Shortage first = null;
        for (Gate gate : gates) {
            Limit limit = gate.limit();
            Pressure pressure = readings.getOrDefault(limit.resource(), new Pressure.Unknown("not read"));
            if (gate.shutAfter(pressure, nowNanos) && first == null) {
                first = new Shortage(limit.resource(), limit.words(pressure));
            }
        }
        return first;
    }
}
