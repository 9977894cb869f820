package dev.coxswain.executors.function;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What calls of one process must have in common: whose they are, what is run, and its limits. So nothing of a tenant, a
 * version or a deployment is ever seen by another.
 *
 * @param ids all but the execution's
 */
record WarmKey(Map<String, String> ids, Language language, Path code, String entry, long cpuMillis, long memoryBytes) {
    static WarmKey of(FunctionJob job) {
        Map<String, String> ids = new LinkedHashMap<>(job.ids());
        ids.remove("executionId");
        return new WarmKey(Map.copyOf(ids), job.language(), job.code(), job.entry(), job.cpuMillis(),
                job.memoryBytes());
    }
}
