package dev.coxswain.supervisor.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.coxswain.supervisor.logs.LogsConfig;
import dev.coxswain.supervisor.runner.SlotsConfig;
import dev.coxswain.supervisor.upload.UploadConfig;

/** Every key of {@code fleet.yaml}, declared once; those of larger sections have files of their own. */
final class FleetKeys {
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
        static final ConfigKey<Section> WORKLOAD = ConfigKey.optional("workload", new Shapes.Nested(WorkloadKeys.ALL),
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

    /** The whole file. */
    static final class Root {
        static final ConfigKey<Section> SUPERVISOR = section("supervisor", Supervisor.ALL, "this process");
        static final ConfigKey<Section> SLOTS = section("slots", Slots.ALL, "what this host can take");
        static final ConfigKey<Section> UPLOADS = section("uploads", Uploads.ALL, "artifacts");
        static final ConfigKey<Map<String, Section>> CONTROL_PLANES = ConfigKey.required("controlPlanes",
                new Shapes.Named(PlaneKeys.ALL), "the services that own the jobs, by name");
        static final ConfigKey<Map<String, Section>> EXECUTORS = ConfigKey.optional("executors",
                new Shapes.Named(ExecutorKeys.ALL), "one of kind process, named " + DEFAULT_EXECUTOR,
                "where commands run, by name");
        static final ConfigKey<List<Section>> POOLS = ConfigKey.required("pools", new Shapes.Sections(Pool.ALL),
                "runners that share a control plane, a workload, an executor and limits");
        static final ConfigKey<Section> SHARDING = section("sharding", ShardingKeys.ALL, "several supervisors");
        static final ConfigKeys ALL = ConfigKeys.of(SUPERVISOR, SLOTS, UPLOADS, CONTROL_PLANES, EXECUTORS, POOLS,
                SHARDING);
    }

    private static ConfigKey<Section> section(String name, ConfigKeys below, String meaning) {
        return ConfigKey.optional(name, new Shapes.Nested(below), "", meaning);
    }
}
