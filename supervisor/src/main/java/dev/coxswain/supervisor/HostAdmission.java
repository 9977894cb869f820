package dev.coxswain.supervisor;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.pressure.HostPressure;
import dev.coxswain.supervisor.pressure.Resource;
import dev.coxswain.supervisor.pressure.Shortage;
import dev.coxswain.supervisor.runner.Admission;
import dev.coxswain.supervisor.runner.Slots.Denial;

/** The host's pressure in the words of the slots: neither room knows the other. */
record HostAdmission(HostPressure pressure) implements Admission {
    @Override
    public Admission.@Nullable Refusal refusal() {
        Shortage found = pressure.shortage();
        return found == null ? null : new Admission.Refusal(denial(found.resource()), found.words());
    }

    static Denial denial(Resource resource) {
        return switch (resource) {
            case MEMORY, MEMORY_STALL -> Denial.MEMORY;
            case DISK -> Denial.DISK;
            case INODES -> Denial.INODES;
            case CPU -> Denial.CPU;
            case IO -> Denial.IO;
            case LOAD -> Denial.LOAD;
            case OPEN_FILES -> Denial.OPEN_FILES;
            case PIDS -> Denial.PIDS;
        };
    }
}
