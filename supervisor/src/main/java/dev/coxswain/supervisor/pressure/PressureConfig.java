package dev.coxswain.supervisor.pressure;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * {@code slots.refuseWhen:} of the configuration. A limit that is absent refuses nothing.
 *
 * @param memoryAbove share of the memory in use, 0 to 1
 * @param diskFreeBelow bytes
 * @param inodesFreeBelow share of the inodes that is free, 0 to 1
 * @param loadPerCoreAbove load of the last minute, divided by the host's cores
 * @param pressureAbove share of the last 10 s, 0 to 1, in which something waited for a core, memory or a disk
 * @param openFilesAbove share of this process's limit, 0 to 1
 * @param pidsAbove share of the limit of the host or control group, 0 to 1
 */
public record PressureConfig(OptionalDouble memoryAbove, OptionalLong diskFreeBelow, OptionalDouble inodesFreeBelow,
        OptionalDouble loadPerCoreAbove, OptionalDouble pressureAbove, OptionalDouble openFilesAbove,
        OptionalDouble pidsAbove) {
    /** Refuses nothing. */
    public static final PressureConfig NONE = new PressureConfig(OptionalDouble.empty(), OptionalLong.empty(),
            OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty(),
            OptionalDouble.empty());
}
