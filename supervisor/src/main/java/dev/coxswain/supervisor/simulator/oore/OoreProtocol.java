package dev.coxswain.supervisor.simulator.oore;

import dev.coxswain.supervisor.simulator.SimulatedControlPlane;
import dev.coxswain.supervisor.simulator.SimulatedProtocol;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/** {@code oore}, served below {@code /oore}; found as a service. */
public final class OoreProtocol implements SimulatedProtocol {
    static final String NAME = "oore";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SimulatedControlPlane open(SimulatorContext context) {
        return new OoreControlPlane(context);
    }
}
