package dev.coxswain.executors.function;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.coxswain.executors.Workspace;
import tools.jackson.databind.node.ObjectNode;

/** What a process is told of a call: one line of JSON. */
final class CallMessage {
    private CallMessage() {}

    static String of(Call call, FunctionTools tools, Workspace workspace) {
        FunctionJob job = call.job;
        ObjectNode message = tools.mapper().createObjectNode();
        message.put("call", call.number).put("mark", call.mark).put("most", ResultText.MOST_BYTES)
                .put("streams", job.streams())
                .put("payload", Starts.payloadFile(job, workspace));
        if (call.number > 1 && job.payload() != null) {
            message.put("text", job.payload());
        }
        ObjectNode variables = message.putObject("variables");
        job.variables().forEach(variables::put);
        ObjectNode context = message.putObject("context");
        job.ids().forEach(context::put);
        Duration limit = job.limit();
        if (limit != null) {
            context.put("deadline", tools.timer().now(TimeUnit.MILLISECONDS) + limit.toMillis());
        }
        return tools.mapper().writeValueAsString(message);
    }
}
