package dev.coxswain.supervisor.controlplane.xenonflare;

import dev.coxswain.supervisor.controlplane.FleetClock;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every lease of one control plane shares.
 *
 * @param calls for everything but heartbeats
 * @param heartbeats for heartbeats only
 * @param mapper for the protocol's own JSON
 * @param exact for the jobs' JSON, which passes through unchanged
 * @param dialect the protocol's own names
 */
record Calls(Transport calls, Transport heartbeats, JsonMapper mapper, JsonMapper exact, FleetClock clock,
        Dialect dialect) {}
