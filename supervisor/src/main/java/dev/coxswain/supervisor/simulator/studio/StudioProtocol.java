package dev.coxswain.supervisor.simulator.studio;

import dev.coxswain.supervisor.simulator.SimulatedControlPlane;
import dev.coxswain.supervisor.simulator.SimulatedProtocol;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/** {@code xenonflare-studio}, served below {@code /studio}; found as a service. */
public final class StudioProtocol implements SimulatedProtocol {
    static final String NAME = "xenonflare-studio";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SimulatedControlPlane open(SimulatorContext context) {
        return new StudioControlPlane(context);
    }
}
