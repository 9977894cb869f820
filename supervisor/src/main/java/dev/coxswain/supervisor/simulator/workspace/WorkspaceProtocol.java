package dev.coxswain.supervisor.simulator.workspace;

import dev.coxswain.supervisor.simulator.SimulatedControlPlane;
import dev.coxswain.supervisor.simulator.SimulatedProtocol;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/** {@code xenonflare-workspace}, served below {@code /workspace}; found as a service. */
public final class WorkspaceProtocol implements SimulatedProtocol {
    static final String NAME = "xenonflare-workspace";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SimulatedControlPlane open(SimulatorContext context) {
        return new WorkspaceControlPlane(context);
    }
}
