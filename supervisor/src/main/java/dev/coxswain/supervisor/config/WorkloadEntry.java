package dev.coxswain.supervisor.config;

import java.util.List;

import dev.coxswain.executors.flutter.FlutterConfig;
import dev.coxswain.executors.function.FunctionConfig;
import dev.coxswain.executors.pipeline.PipelineConfig;
import dev.coxswain.executors.responses.ResponsesConfig;

/** {@code workload:} of a pool: what its jobs mean. */
public sealed interface WorkloadEntry {
    /** {@code kind: pipeline}. */
    record Pipeline(PipelineConfig config) implements WorkloadEntry {}

    /** {@code kind: responses}. */
    record Responses(ResponsesConfig config) implements WorkloadEntry {}

    /** {@code kind: actions}: a job's document tells all. */
    record Actions() implements WorkloadEntry {}

    /**
     * {@code kind: function}.
     *
     * @param dotnet program and first arguments for C# scripts; empty for the usual ones
     */
    record Function(FunctionConfig config, List<String> dotnet) implements WorkloadEntry {
        public Function {
            dotnet = List.copyOf(dotnet);
        }
    }

    /** {@code kind: flutter}. */
    record Flutter(FlutterConfig config) implements WorkloadEntry {}
}
