package dev.coxswain.supervisor.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.flutter.FlutterConfig;
import dev.coxswain.executors.function.FunctionConfig;
import dev.coxswain.executors.pipeline.PipelineConfig;
import dev.coxswain.executors.responses.ResponsesConfig;

/** {@code pools[].workload}. */
final class WorkloadKeys {
    /** Kinds of workloads. */
    static final String PIPELINE = "pipeline";
    static final String RESPONSES = "responses";
    static final String FLUTTER = "flutter";
    static final String ACTIONS = "actions";
    static final String FUNCTION = "function";

    static final ConfigKey<String> KIND = ConfigKey.optional("kind",
            Values.choice(List.of(PIPELINE, RESPONSES, FLUTTER, ACTIONS, FUNCTION), List.of()),
            "by protocol: xenonflare-studio `pipeline`, xenonflare-workspace `responses`, oore `flutter`, shithub `actions`, coderunner `function`",
            "what a job means and how it becomes commands");
    static final ConfigKey<List<Shapes.Held<String>>> COMMAND = ConfigKey.optional("command",
            new Shapes.ListOf<>(Values.text(0, 32 << 10), false), "**required** by pipeline",
            "pipeline: program and arguments, without a shell; no \"${file:…}\", because everybody on the host can see arguments");
    static final ConfigKey<Duration> TIMEOUT = ConfigKey.preset("timeout",
            Values.duration(Duration.ofSeconds(1), Duration.ofDays(7)), PipelineConfig.DEFAULT_TIMEOUT,
            DurationText.format(PipelineConfig.DEFAULT_TIMEOUT) + "; flutter: "
                    + DurationText.format(FlutterConfig.DEFAULT_TIMEOUT) + "; function: "
                    + DurationText.format(FunctionConfig.DEFAULTS.timeout()),
            "function: time limit of a call, at most 15m; pipeline: time limit of the command; responses, flutter: of the whole job, which Oore CI ends after an hour");
    static final ConfigKey<List<Shapes.Held<String>>> PASS_ENV = ConfigKey.optional("passEnv",
            new Shapes.ListOf<>(Values.JOB_VARIABLE, true), "none",
            "pipeline: names of the supervisor's environment variables that the command sees too");
    static final ConfigKey<Map<String, Substitution.Result>> ENV = ConfigKey.optional("env",
            new Shapes.Variables(), "none",
            "pipeline: variables set for the command; what `${…}` puts in is masked in logs when it has 6 characters or more");
    static final ConfigKey<String> MODEL = ConfigKey.optional("model", Values.text(1, 200),
            "`OPENAI_MODEL`, else " + ResponsesConfig.DEFAULT_MODEL, "responses: the model that answers");
    static final ConfigKey<String> SUMMARY_MODEL = ConfigKey.optional("summaryModel", Values.text(1, 200),
            "`OPENAI_SUMMARY_MODEL`, else " + ResponsesConfig.DEFAULT_MODEL,
            "responses: the model that shortens a long earlier context");
    static final ConfigKey<URI> BASE_URL = ConfigKey.optional("baseUrl", Values.URL,
            "`OPENAI_BASE_URL`, else " + ResponsesConfig.DEFAULT_BASE_URL,
            "responses: the model server, with its version path; `/responses` is appended. http to another host only without an API key");
    static final ConfigKey<String> API_KEY = ConfigKey.optional("apiKey", Values.SECRET, "`OPENAI_API_KEY`",
            "responses: what the model server is asked with, best as \"${NAME}\"; the vendor's server needs one");
    static final ConfigKey<Integer> PARALLEL = ConfigKey.preset("parallel", Values.integer(1, 256),
            ResponsesConfig.DEFAULT_PARALLEL, "responses: model calls of the pool at once");
    static final ConfigKey<Duration> CALL_TIMEOUT = ConfigKey.preset("callTimeout",
            Values.duration(Duration.ofSeconds(1), Duration.ofHours(2)), ResponsesConfig.DEFAULT_CALL_TIMEOUT,
            "responses: time limit of one model call");
    static final ConfigKey<Section> PRICES = ConfigKey.optional("prices", new Shapes.Nested(ModelPrices.ALL),
            "", "responses: what the model's tokens cost, in any currency; for `coxswain_model_cost_total`");
    static final ConfigKey<Section> SUMMARY_PRICES = ConfigKey.optional("summaryPrices",
            new Shapes.Nested(ModelPrices.ALL), "", "responses: the same for the summary model");
    static final ConfigKey<List<Shapes.Held<String>>> PLATFORMS = ConfigKey.optional("platforms",
            new Shapes.ListOf<>(Values.choice(FlutterConfig.PLATFORMS, List.of()), true),
            "android; on macOS all three",
            "flutter: platforms that can be built here; a job for another one is refused before anything of it is run");
    static final ConfigKey<List<Shapes.Held<String>>> TOOLS = ConfigKey.optional("tools",
            new Shapes.ListOf<>(Values.text(1, 200), true), "none",
            "flutter: programs on the PATH that every job needs; without one of them jobs are refused");
    static final ConfigKey<String> ANDROID_HOME = ConfigKey.optional("androidHome", Values.FILE,
            "`ANDROID_HOME`, else `ANDROID_SDK_ROOT`", "flutter: the Android SDK");
    static final ConfigKey<Duration> JOB_TIMEOUT = ConfigKey.preset("jobTimeout",
            Values.duration(Duration.ofSeconds(1), Duration.ofDays(7)), FunctionConfig.DEFAULTS.jobTimeout(),
            "function: time limit of a background job or a scheduled run");
    static final ConfigKey<Section> WARM = ConfigKey.optional("warm", new Shapes.Nested(Warm.ALL), "",
            "function: processes that are kept");
    static final ConfigKey<List<Shapes.Held<String>>> DOTNET = ConfigKey.optional("dotnet",
            new Shapes.ListOf<>(Values.text(1, 4096), false), "`[ dotnet, script ]`",
            "function: program and first arguments that run a C# script; without it such code is refused");
    /** The keys that belong to one kind only. */
    static final List<ConfigKey<?>> OF_FUNCTION = List.of(JOB_TIMEOUT, WARM, DOTNET);
    static final List<ConfigKey<?>> OF_PIPELINE = List.of(COMMAND, PASS_ENV, ENV);
    static final List<ConfigKey<?>> OF_RESPONSES = List.of(MODEL, SUMMARY_MODEL, BASE_URL, API_KEY, PARALLEL,
            CALL_TIMEOUT, PRICES, SUMMARY_PRICES);
    static final List<ConfigKey<?>> OF_FLUTTER = List.of(PLATFORMS, TOOLS, ANDROID_HOME);
    static final ConfigKeys ALL = ConfigKeys.of(KIND, COMMAND, TIMEOUT, PASS_ENV, ENV, MODEL, SUMMARY_MODEL,
            BASE_URL, API_KEY, PARALLEL, CALL_TIMEOUT, PRICES, SUMMARY_PRICES, PLATFORMS, TOOLS, ANDROID_HOME,
            JOB_TIMEOUT,
            WARM, DOTNET).decidedBy(KIND);

    private WorkloadKeys() {}

    /** {@code pools[].workload.prices} and {@code summaryPrices}. */
    static final class ModelPrices {
        private static final Scalar<Double> PRICE = Values.positive(100_000);
        static final ConfigKey<Double> INPUT = ConfigKey.required("input", PRICE, "price of a million tokens of input");
        static final ConfigKey<Double> CACHED_INPUT = ConfigKey.optional("cachedInput", PRICE, "`input`",
                "price of a million tokens of input from the model server's cache");
        static final ConfigKey<Double> OUTPUT = ConfigKey.required("output", PRICE,
                "price of a million tokens of output");
        static final ConfigKeys ALL = ConfigKeys.of(INPUT, CACHED_INPUT, OUTPUT);
    }

    /** {@code pools[].workload.warm}. */
    static final class Warm {
        static final ConfigKey<Integer> MAX = ConfigKey.preset("max", Values.integer(0, 10_000),
                FunctionConfig.DEFAULTS.warmMax(),
                "processes of functions that are kept for their next call; 0 keeps none");
        static final ConfigKey<Duration> IDLE = ConfigKey.preset("idle",
                Values.duration(Duration.ofSeconds(1), Duration.ofDays(1)), FunctionConfig.DEFAULTS.warmIdle(),
                "how long one is kept without a call");
        static final ConfigKeys ALL = ConfigKeys.of(MAX, IDLE);
    }
}
