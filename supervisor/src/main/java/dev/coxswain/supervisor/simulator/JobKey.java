package dev.coxswain.supervisor.simulator;

/**
 * Names a job across all simulated control planes.
 *
 * @param protocol the protocol's name
 * @param id the control plane's own id of the job
 */
public record JobKey(String protocol, String id) {
    @Override
    public String toString() {
        return protocol + "/" + id;
    }
}
