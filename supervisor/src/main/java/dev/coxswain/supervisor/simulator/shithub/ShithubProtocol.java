package dev.coxswain.supervisor.simulator.shithub;

import dev.coxswain.supervisor.simulator.SimulatedControlPlane;
import dev.coxswain.supervisor.simulator.SimulatedProtocol;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/** {@code shithub}, served below {@code /shithub}; found as a service. */
public final class ShithubProtocol implements SimulatedProtocol {
    static final String NAME = "shithub";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SimulatedControlPlane open(SimulatorContext context) {
        return new ShithubControlPlane(context);
    }
}
