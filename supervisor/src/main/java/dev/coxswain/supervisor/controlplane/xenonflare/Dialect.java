package dev.coxswain.supervisor.controlplane.xenonflare;

import dev.coxswain.supervisor.controlplane.Outcome;

/**
 * What two protocols with the same calls say differently.
 *
 * @param idField the field that names a job
 */
record Dialect(String idField, Operation lease, Operation heartbeat, Operation complete, Operation fail,
        Operation check) {
    /** The call that reports this end. */
    Operation settling(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete completed -> complete;
            case Outcome.Fail failed -> fail;
        };
    }
}
