package dev.coxswain.supervisor.simulator;

/**
 * A protocol that the simulator can play. Each one registers itself as a service of this type
 * ({@code META-INF/services}) and has a public constructor without arguments.
 */
public interface SimulatedProtocol {
    /** The protocol's name as in the configuration of a fleet. */
    String name();

    /** A fresh control plane with its tokens and jobs. */
    SimulatedControlPlane open(SimulatorContext context);
}
