package dev.coxswain.supervisor.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.coxswain.executors.flutter.FlutterConfig;
import dev.coxswain.executors.function.FunctionConfig;
import dev.coxswain.executors.pipeline.PipelineConfig;
import dev.coxswain.executors.responses.ResponsesConfig;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.logs.LogsConfig;
import dev.coxswain.supervisor.runner.SlotsConfig;
import dev.coxswain.supervisor.shard.ShardingConfig;
import dev.coxswain.supervisor.upload.UploadConfig;

/** Every key of {@code fleet.yaml}, declared once. */
final class FleetKeys {
    /** Kinds of workloads. */
    static final String PIPELINE = "pipeline";
    static final String RESPONSES = "responses";
    static final String FLUTTER = "flutter";
    static final String ACTIONS = "actions";
    static final String FUNCTION = "function";
    /** The executor that exists when the file names none. */
    static final String DEFAULT_EXECUTOR = "host";

    private FleetKeys() {}

    /** {@code supervisor.admin}. */
    static final class Admin {
        static final ConfigKey<ListenAddress> LISTEN = ConfigKey.preset("listen", Values.LISTEN,
                new ListenAddress("127.0.0.1", 8710), "127.0.0.1:8710",
                "where the JSON API listens; port 0 takes a free one; without a token only a loopback address is allowed");
        static final ConfigKey<String> TOKEN_FILE = ConfigKey.optional("tokenFile", Values.FILE, "",
                "file that holds the API's bearer token");
        static final ConfigKey<String> TOKEN = ConfigKey.optional("token", Values.SECRET, "",
                "the token itself, best as \"${NAME}\"; not together with tokenFile");
        static final ConfigKeys ALL = ConfigKeys.of(LISTEN, TOKEN_FILE, TOKEN);
    }

    /** {@code supervisor.metrics}. */
    static final class Metrics {
        static final ConfigKey<ListenAddress> LISTEN = ConfigKey.preset("listen", Values.LISTEN,
                new ListenAddress("127.0.0.1", 9464), "127.0.0.1:9464",
                "where /metrics, /livez and /readyz listen; port 0 takes a free one");
        static final ConfigKeys ALL = ConfigKeys.of(LISTEN);
    }

    /** {@code supervisor.drain}. */
    static final class Drain {
        static final ConfigKey<Duration> GRACE = ConfigKey.preset("grace",
                Values.duration(Duration.ZERO, Duration.ofDays(7)), Duration.ofMinutes(10),
                "how long running jobs may go on after the first SIGTERM; then they are cancelled");
        static final ConfigKeys ALL = ConfigKeys.of(GRACE);
    }

    /** {@code supervisor.logs}. */
    static final class Logs {
        static final ConfigKey<Long> SPILL_PER_JOB = ConfigKey.preset("spillPerJob", Values.size(64 << 10, 1L << 40),
                LogsConfig.DEFAULT.spillPerJobBytes(), SizeText.format(LogsConfig.DEFAULT.spillPerJobBytes()),
                "disk for one job's log; beyond it the oldest bytes go");
        static final ConfigKey<Long> MAX_PER_JOB = ConfigKey.preset("maxPerJob", Values.size(64 << 10, 1L << 40),
                LogsConfig.DEFAULT.maxPerJobBytes(), SizeText.format(LogsConfig.DEFAULT.maxPerJobBytes()),
                "a job that writes more than this is failed");
        static final ConfigKeys ALL = ConfigKeys.of(SPILL_PER_JOB, MAX_PER_JOB);
    }

    /** {@code supervisor.traces}. */
    static final class Traces {
        static final ConfigKey<URI> OTLP = ConfigKey.required("otlp", Values.URL,
                "base URL of an OpenTelemetry collector (OTLP over HTTP, often port 4318); `/v1/traces` is appended");
        static final ConfigKey<Double> SAMPLE = ConfigKey.preset("sample", Values.positive(1), 1.0,
                "share of the jobs that are traced, above 0 and up to 1");
        static final ConfigKey<String> HEADERS_FILE = ConfigKey.optional("headersFile", Values.FILE, "",
                "file with headers for the collector, `name: value`, one a line; then http only to a loopback address");
        static final ConfigKeys ALL = ConfigKeys.of(OTLP, SAMPLE, HEADERS_FILE);
    }

    /** {@code supervisor}. */
    static final class Supervisor {
        static final ConfigKey<String> NAME = ConfigKey.optional("name", Values.NAMED, "host name",
                "name of this supervisor, in logs and in the JSON API");
        static final ConfigKey<String> STATE_DIR = ConfigKey.optional("stateDir", Values.FILE, "./.coxswain",
                "folder of the journal and the logs; the default is in the current folder");
        static final ConfigKey<String> WORK_DIR = ConfigKey.optional("workDir", Values.FILE, "`stateDir`/work",
                "folder that holds one folder for each running job, removed at its end");
        static final ConfigKey<Section> ADMIN = section("admin", Admin.ALL, "JSON API");
        static final ConfigKey<Section> METRICS = section("metrics", Metrics.ALL, "metrics and probes");
        static final ConfigKey<Section> DRAIN = section("drain", Drain.ALL, "shutting down");
        static final ConfigKey<Section> LOGS = section("logs", Logs.ALL, "output of jobs");
        static final ConfigKey<Section> TRACES = section("traces", Traces.ALL,
                "a trace of each job, from the lease to its settled end; off unless it is set");
        static final ConfigKeys ALL = ConfigKeys.of(NAME, STATE_DIR, WORK_DIR, ADMIN, METRICS, DRAIN, LOGS, TRACES);
    }

    /** {@code slots.refuseWhen}. */
    static final class RefuseWhen {
        private static final Scalar<Double> SHARE = Values.percentage(0.01, 0.99);
        static final ConfigKey<Double> MEMORY_ABOVE = ConfigKey.optional("memoryAbove", SHARE, "",
                "memory in use, of the host or of the control group that is nearest to its limit; cache that can be dropped does not count");
        static final ConfigKey<Long> DISK_FREE_BELOW = ConfigKey.optional("diskFreeBelow",
                Values.size(1 << 20, 1L << 50), "", "free space on the file systems of `workDir` and `stateDir`");
        static final ConfigKey<Double> INODES_FREE_BELOW = ConfigKey.optional("inodesFreeBelow", SHARE, "",
                "free inodes on the same file systems");
        static final ConfigKey<Double> LOAD_PER_CORE_ABOVE = ConfigKey.optional("loadPerCoreAbove",
                Values.positive(1000), "", "load of the last minute, divided by the host's cores");
        static final ConfigKey<Double> PRESSURE_ABOVE = ConfigKey.optional("pressureAbove", SHARE, "",
                "share of the last 10 s in which something waited for a core, memory or a disk (PSI); without PSI, the share of runnable processes that wait for a core, from the load");
        static final ConfigKey<Double> OPEN_FILES_ABOVE = ConfigKey.optional("openFilesAbove", SHARE, "",
                "open files of this process, as a share of its limit");
        static final ConfigKey<Double> PIDS_ABOVE = ConfigKey.optional("pidsAbove", SHARE, "",
                "processes and threads, as a share of the limit of the host or of the control group that is nearest to its own");
        static final ConfigKeys ALL = ConfigKeys.of(MEMORY_ABOVE, DISK_FREE_BELOW, INODES_FREE_BELOW,
                LOAD_PER_CORE_ABOVE, PRESSURE_ABOVE, OPEN_FILES_ABOVE, PIDS_ABOVE);
    }

    /** {@code slots}. */
    static final class Slots {
        static final ConfigKey<Integer> TOTAL = ConfigKey.preset("total", Values.integer(1, 100_000),
                SlotsConfig.defaultTotal(), "2 per core", "jobs at once in this JVM");
        static final ConfigKey<Section> REFUSE_WHEN = section("refuseWhen", RefuseWhen.ALL,
                "no job is leased while the host is past one of these; each is off unless it is set");
        static final ConfigKeys ALL = ConfigKeys.of(TOTAL, REFUSE_WHEN);
    }

    /** {@code uploads}. */
    static final class Uploads {
        static final ConfigKey<Integer> PARALLEL = ConfigKey.preset("parallel", Values.integer(1, 4096),
                UploadConfig.DEFAULT.parallel(), "uploads at once in this JVM");
        static final ConfigKey<Integer> PER_JOB = ConfigKey.preset("perJob", Values.integer(1, 4096),
                UploadConfig.DEFAULT.perJob(), UploadConfig.DEFAULT.perJob() + ", or `parallel` if that is less",
                "uploads at once for one job; at most `parallel`");
        static final ConfigKeys ALL = ConfigKeys.of(PARALLEL, PER_JOB);
    }

    /** {@code controlPlanes.NAME.poll}. */
    static final class Poll {
        private static final Scalar<Duration> INTERVAL = Values.duration(Duration.ofMillis(10), Duration.ofHours(1));
        static final ConfigKey<Duration> MIN = ConfigKey.preset("min", INTERVAL, ControlPlaneConfig.DEFAULT_POLL_MIN,
                "shortest interval between two lease requests of one runner, right after a job");
        static final ConfigKey<Duration> MAX = ConfigKey.preset("max", INTERVAL, ControlPlaneConfig.DEFAULT_POLL_MAX,
                "longest interval, for an idle runner");
        static final ConfigKeys ALL = ConfigKeys.of(MIN, MAX);
    }

    /** {@code controlPlanes.NAME.auth.publicKeys[]}. */
    static final class PublicKey {
        static final ConfigKey<String> FILE = ConfigKey.required("file", Values.FILE,
                "a public key or certificate (PEM), or a JSON Web Key Set");
        static final ConfigKey<String> KID = ConfigKey.optional("kid", Values.text(1, 200), "any",
                "the name that tokens call it by");
        static final ConfigKey<String> SESSION = ConfigKey.optional("session",
                Values.choice(List.of("trusted"), List.of()), "",
                "`trusted`: tokens by it need no claims about workspace and user, as forwarded sessions have none");
        static final ConfigKeys ALL = ConfigKeys.of(FILE, KID, SESSION);
    }

    /** {@code controlPlanes.NAME.auth}. */
    static final class Auth {
        static final ConfigKey<String> SERVICE_TOKEN_FILE = ConfigKey.optional("serviceTokenFile", Values.FILE, "",
                "file with a token that is trusted for every workspace");
        static final ConfigKey<List<Section>> PUBLIC_KEYS = ConfigKey.optional("publicKeys",
                new Shapes.ShortSections(PublicKey.ALL, PublicKey.FILE), "",
                "keys that callers' tokens (RS256) are signed with");
        static final ConfigKey<URI> JWKS_URL = ConfigKey.optional("jwksUrl", Values.URL, "",
                "where more such keys are found");
        static final ConfigKey<String> ISSUER = ConfigKey.optional("issuer", Values.text(1, 2048), "not checked",
                "what `iss` of a token must be");
        static final ConfigKey<String> AUDIENCE = ConfigKey.optional("audience", Values.text(1, 2048), "not checked",
                "what `aud` of a token must hold");
        static final ConfigKey<Boolean> INSECURE_NO_AUTH = ConfigKey.preset("insecureNoAuth", Values.TRUTH, false,
                "anybody may call; on a loopback address only");
        static final ConfigKeys ALL = ConfigKeys.of(SERVICE_TOKEN_FILE, PUBLIC_KEYS, JWKS_URL, ISSUER, AUDIENCE,
                INSECURE_NO_AUTH);
    }

    /** {@code controlPlanes.NAME}. */
    static final class Plane {
        static final ConfigKey<String> PROTOCOL = ConfigKey.required("protocol",
                Values.choice(ProtocolRules.names(), List.of()),
                "what it speaks");
        static final ConfigKey<URI> URL = ConfigKey.optional("url", Values.URL, "**required**, except by coderunner",
                "base URL; paths are appended; http only to a loopback address or localhost, because a credential goes there");
        static final ConfigKey<Double> REQUESTS_PER_SECOND = ConfigKey.preset("requestsPerSecond",
                Values.positive(100_000), ControlPlaneConfig.DEFAULT_REQUESTS_PER_SECOND, "50; coderunner: 10000",
                "budget of lease requests of all its runners together");
        static final ConfigKey<Section> POLL = section("poll", Poll.ALL,
                "intervals of lease requests; not of coderunner, which is served here and tells when a job comes");
        static final ConfigKey<ListenAddress> LISTEN = ConfigKey.optional("listen", Values.LISTEN,
                "**required** by coderunner", "coderunner: where it is served; a change needs a restart");
        static final ConfigKey<URI> PUBLIC_URL = ConfigKey.optional("publicUrl", Values.URL, "the listen address",
                "coderunner: where callers reach it; function URLs begin with it");
        static final ConfigKey<Section> AUTH = ConfigKey.optional("auth", new Shapes.Nested(Auth.ALL),
                "**required** by coderunner", "coderunner: who may call");
        static final ConfigKey<Boolean> PUBLIC_ENDPOINTS = ConfigKey.preset("publicEndpoints", Values.TRUTH, false,
                "coderunner: anybody may call the functions' own URLs (`/fn/…`), and nothing else");
        static final ConfigKey<List<Shapes.Held<String>>> TRUSTED_PROXIES = ConfigKey.optional("trustedProxies",
                new Shapes.ListOf<>(Values.NETWORK, true), "none",
                "coderunner: addresses or networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-*` goes on to user code");
        /** The keys of a control plane that is served here. */
        static final List<ConfigKey<?>> OF_CODERUNNER = List.of(LISTEN, PUBLIC_URL, AUTH, PUBLIC_ENDPOINTS,
                TRUSTED_PROXIES);
        /** The keys of one that is elsewhere. */
        static final List<ConfigKey<?>> OF_OTHERS = List.of(URL, POLL);
        static final ConfigKeys ALL = ConfigKeys.of(PROTOCOL, URL, REQUESTS_PER_SECOND, POLL, LISTEN, PUBLIC_URL, AUTH,
                PUBLIC_ENDPOINTS, TRUSTED_PROXIES).decidedBy(PROTOCOL);
    }

    /** {@code pools[].credentials}. */
    static final class Credentials {
        static final ConfigKey<String> FILE = ConfigKey.optional("file", Values.FILE, "",
                "file with one credential a line, oore: `<runnerId> <token>`; empty lines and lines that begin with # are skipped");
        static final ConfigKey<String> ENV = ConfigKey.optional("env", Values.OWN_VARIABLE, "",
                "environment variable with one or several credentials, separated by spaces, commas or line ends; oore: id and token in turn");
        static final ConfigKey<List<Shapes.Held<String>>> VALUES = ConfigKey.optional("values",
                new Shapes.ListOf<>(Values.CREDENTIAL, false), "", "the credentials themselves, best as \"${NAME}\"");
        static final ConfigKeys ALL = ConfigKeys.of(FILE, ENV, VALUES);
    }

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

    /** {@code pools[].workload}. */
    static final class Workload {
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
    }

    /** {@code pools[]}. */
    static final class Pool {
        static final ConfigKey<String> NAME = ConfigKey.required("name", Values.NAMED, "unique name of the pool");
        static final ConfigKey<String> CONTROL_PLANE = ConfigKey.required("controlPlane", Values.NAMED,
                "a name from `controlPlanes`");
        static final ConfigKey<Section> CREDENTIALS = ConfigKey.optional("credentials",
                new Shapes.Nested(Credentials.ALL), "**required**, except by coderunner",
                "what its runners prove themselves with: one credential for each");
        static final ConfigKey<Integer> RUNNERS = ConfigKey.optional("runners", Values.integer(1, 100_000),
                "**required** by coderunner", "coderunner: executions at once; its runners need no credentials");
        static final ConfigKey<Integer> SLOTS_PER_RUNNER = ConfigKey.preset("slotsPerRunner",
                Values.integer(1, 1000), 1,
                "jobs at once on one runner; more than 1 with shithub only, at most 64 there");
        static final ConfigKey<List<Shapes.Held<String>>> LABELS = ConfigKey.optional("labels",
                new Shapes.ListOf<>(Values.LABEL, true), "none",
                "labels of the runners, where the protocol knows labels; shithub: a job names one of them, letter by letter; none leaves those that were registered");
        static final ConfigKey<Section> WORKLOAD = ConfigKey.optional("workload", new Shapes.Nested(Workload.ALL),
                "by protocol", "what its jobs mean");
        static final ConfigKey<String> EXECUTOR = ConfigKey.optional("executor", Values.NAMED,
                "the only one there is", "a name from `executors`");
        static final ConfigKey<Integer> WEIGHT = ConfigKey.preset("weight", Values.integer(1, 1000), 1,
                "share of the slots when the host is full");
        static final ConfigKey<Integer> MIN_SLOTS = ConfigKey.optional("minSlots", Values.integer(0, 100_000), "0",
                "slots that no other pool may take");
        static final ConfigKey<Integer> MAX_SLOTS = ConfigKey.optional("maxSlots", Values.integer(1, 100_000),
                "`slots.total`", "slots that the pool may take");
        static final ConfigKeys ALL = ConfigKeys.of(NAME, CONTROL_PLANE, CREDENTIALS, RUNNERS, SLOTS_PER_RUNNER, LABELS,
                WORKLOAD, EXECUTOR, WEIGHT, MIN_SLOTS, MAX_SLOTS);
    }

    /** {@code sharding}. */
    static final class Sharding {
        static final String NONE = "none";
        static final String STATIC = "static";
        static final String KUBERNETES = "kubernetes";
        static final ConfigKey<String> MODE = ConfigKey.preset("mode",
                Values.choice(List.of(NONE, STATIC, KUBERNETES), List.of()), NONE,
                "how several supervisors share the credentials: not at all; each a fixed part; or by Leases of a Kubernetes API server");
        static final ConfigKey<Integer> INDEX = ConfigKey.optional("index", Values.integer(0, 9_999),
                "the number at the end of the host name, as a StatefulSet gives it",
                "static: which of them this supervisor is, from 0; best as \"${NAME}\"");
        static final ConfigKey<Integer> COUNT = ConfigKey.optional("count", Values.integer(1, 10_000),
                "**required** by static", "static: how many supervisors there are");
        static final ConfigKey<String> NAMESPACE = ConfigKey.optional("namespace", Values.KUBERNETES_NAME,
                "that of the pod, else of the kubeconfig's context", "kubernetes: where the Leases are");
        static final ConfigKey<String> FLEET = ConfigKey.preset("fleet", Values.KUBERNETES_NAME, "coxswain",
                "kubernetes: what these supervisors have in common; the names of the Leases begin with it");
        static final ConfigKey<String> MEMBER = ConfigKey.optional("member", Values.KUBERNETES_NAME,
                "`POD_NAME`, else `supervisor.name`",
                "kubernetes: the name of this supervisor among them; two never take part under one name");
        static final ConfigKey<Integer> SHARDS = ConfigKey.preset("shards", Values.integer(1, 999),
                ShardingConfig.DEFAULT_SHARDS,
                "kubernetes: parts that the credentials are divided into, the same number at every supervisor; each part is one Lease");
        static final ConfigKey<Duration> LEASE_DURATION = ConfigKey.preset("leaseDuration",
                Values.duration(Duration.ofSeconds(2), Duration.ofMinutes(10)),
                ShardingConfig.DEFAULT_LEASE_DURATION,
                "kubernetes: a supervisor that can't renew its Lease stops leasing after four fifths of it, and is replaced after six fifths; the same at every supervisor");
        /** The keys that belong to one mode only. */
        static final List<ConfigKey<?>> OF_STATIC = List.of(INDEX, COUNT);
        static final List<ConfigKey<?>> OF_KUBERNETES = List.of(NAMESPACE, FLEET, MEMBER, SHARDS, LEASE_DURATION);
        static final ConfigKeys ALL = ConfigKeys.of(MODE, INDEX, COUNT, NAMESPACE, FLEET, MEMBER, SHARDS,
                LEASE_DURATION).decidedBy(MODE);
    }

    /** The whole file. */
    static final class Root {
        static final ConfigKey<Section> SUPERVISOR = section("supervisor", Supervisor.ALL, "this process");
        static final ConfigKey<Section> SLOTS = section("slots", Slots.ALL, "what this host can take");
        static final ConfigKey<Section> UPLOADS = section("uploads", Uploads.ALL, "artifacts");
        static final ConfigKey<Map<String, Section>> CONTROL_PLANES = ConfigKey.required("controlPlanes",
                new Shapes.Named(Plane.ALL), "the services that own the jobs, by name");
        static final ConfigKey<Map<String, Section>> EXECUTORS = ConfigKey.optional("executors",
                new Shapes.Named(ExecutorKeys.ALL), "one of kind process, named " + DEFAULT_EXECUTOR,
                "where commands run, by name");
        static final ConfigKey<List<Section>> POOLS = ConfigKey.required("pools", new Shapes.Sections(Pool.ALL),
                "runners that share a control plane, a workload, an executor and limits");
        static final ConfigKey<Section> SHARDING = section("sharding", Sharding.ALL, "several supervisors");
        static final ConfigKeys ALL = ConfigKeys.of(SUPERVISOR, SLOTS, UPLOADS, CONTROL_PLANES, EXECUTORS, POOLS,
                SHARDING);
    }

    private static ConfigKey<Section> section(String name, ConfigKeys below, String meaning) {
        return ConfigKey.optional(name, new Shapes.Nested(below), "", meaning);
    }
}
