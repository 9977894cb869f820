package dev.coxswain.executors.actions;

import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What all jobs of a workload share.
 *
 * @param files makes archives
 * @param timer for what is no command
 * @param nanos the monotonic clock
 */
record ActionsTools(JsonMapper mapper, Scheduler files, Scheduler timer, LongSupplier nanos) {
    /** Of a job that begins now. */
    TimeLimit limit(@Nullable Duration limit) {
        return TimeLimit.ofJob(limit, nanos, timer);
    }

    /** What a job left, for the control plane's adapter. */
    String document(Map<String, String> artifacts) {
        ObjectNode document = mapper.createObjectNode();
        ArrayNode list = document.putArray("artifacts");
        artifacts.forEach((name, file) -> list.addObject().put("name", name).put("file", file));
        return mapper.writeValueAsString(document);
    }
}
