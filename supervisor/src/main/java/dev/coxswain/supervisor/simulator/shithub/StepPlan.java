package dev.coxswain.supervisor.simulator.shithub;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the author of a workflow wrote about a step; empty texts where nothing.
 *
 * @param key the author's own id of it
 * @param condition the raw expression that decides whether it runs
 * @param run a script; or empty, and {@code uses} is not
 * @param folder where it runs, below the workspace
 */
record StepPlan(String key, String name, String condition, String run, String uses, String folder,
        Map<String, Object> env, Map<String, Object> with, boolean continueOnError) {
    static StepPlan run(String name, String script) {
        return new StepPlan("", name, "", script, "", "", Map.of(), Map.of(), false);
    }

    static StepPlan uses(String name, String action, Map<String, Object> with) {
        return new StepPlan("", name, "", "", action, "", Map.of(), with, false);
    }

    StepPlan withKey(String id) {
        return new StepPlan(id, name, condition, run, uses, folder, env, with, continueOnError);
    }

    StepPlan onlyIf(String expression) {
        return new StepPlan(key, name, expression, run, uses, folder, env, with, continueOnError);
    }

    StepPlan in(String where) {
        return new StepPlan(key, name, condition, run, uses, where, env, with, continueOnError);
    }

    StepPlan withEnv(Map<String, Object> variables) {
        return new StepPlan(key, name, condition, run, uses, folder, variables, with, continueOnError);
    }

    StepPlan thatMayFail() {
        return new StepPlan(key, name, condition, run, uses, folder, env, with, true);
    }

    /** As it stands in a claim. */
    Map<String, Object> toMap(long id, int index) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id);
        map.put("index", index);
        map.put("step_id", key);
        map.put("name", name);
        map.put("if", condition);
        map.put("run", run);
        map.put("uses", uses);
        map.put("working_directory", folder);
        map.put("env", env);
        map.put("with", with);
        map.put("continue_on_error", continueOnError);
        return map;
    }
}
