package dev.coxswain.supervisor.simulator.model;

import dev.coxswain.supervisor.simulator.SimulatedControlPlane;
import dev.coxswain.supervisor.simulator.SimulatedProtocol;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/**
 * {@code responses-model}: no control plane, but what some jobs ask; served below {@code /model}, found as a service. Its
 * tokens are API keys, so the ledger sees it when one turns up elsewhere.
 */
public final class ModelProtocol implements SimulatedProtocol {
    static final String NAME = "responses-model";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SimulatedControlPlane open(SimulatorContext context) {
        return new ModelServer(context);
    }
}
