package dev.coxswain.supervisor.simulator.shithub;

import java.util.List;
import java.util.Map;

/**
 * A job as the author of a workflow wrote it.
 *
 * @param follows whether it is the next job of the run of the one before, and needs it
 * @param runsOn the one label that a runner must have; empty for any runner
 * @param secret whether the server gives it secrets and variables
 */
record JobPlan(String workflow, String event, String key, String name, boolean follows, String runsOn, boolean secret,
        Map<String, Object> env, List<StepPlan> steps) {}
