package dev.coxswain.supervisor.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Every meter of Coxswain. The help is what Prometheus shows and what the reference table in the docs is made
 * from. Labels are few and bounded: names from the configuration and closed enums, never an id.
 */
public enum FleetMeters {
    // @formatter:off (one constant a line; the formatter would indent each one further than the last)
    BUILD_INFO("build_info", Kind.GAUGE, "Always 1; the labels say what runs", null, "version", "java"),
    SUPERVISOR_STATE("supervisor_state", Kind.GAUGE,
            "1 for the state the supervisor is in, 0 for the others", Closed.SUPERVISOR_STATE),
    RUNNERS("runners", Kind.GAUGE, "Runners of this pool in this state", Closed.RUNNER_STATE, "pool"),
    SHARD_RUNNERS("shard_runners", Kind.GAUGE,
            "Runners by how they stand to this supervisor; all are held when it shares them with nobody",
            Closed.SHARD_STATE),
    SHARD_RENEWALS("shard_renewals_total", Kind.COUNTER,
            "Renewals of this supervisor's own Lease, by what came of them", Closed.SHARD_RENEWAL),
    SLOTS("slots", Kind.GAUGE, "Jobs that this pool may run at once", null, "pool"),
    SLOTS_USED("slots_used", Kind.GAUGE, "Slots of this pool that are reserved or hold a job", null, "pool"),
    SLOT_DENIED("slot_denied_total", Kind.COUNTER,
            "Slot reservations refused, by reason", Closed.SLOT_DENIED, "pool"),
    LEASE_REQUESTS("lease_requests_total", Kind.COUNTER,
            "Lease requests by what came of them", Closed.LEASE_RESULT, "control_plane"),
    LEASE_REQUEST_DURATION("lease_request_duration_seconds", Buckets.CALL,
            "Time from a lease request to its answer", null, "control_plane"),
    LEASE_LAST_SUCCESS("lease_last_success_timestamp_seconds", Kind.GAUGE,
            "Unix time of the last lease request that was answered; 0 before the first", null, "control_plane"),
    LEASE_REQUEST_RATE("lease_request_rate", Kind.GAUGE,
            "Lease requests a second that may leave now: the budget, less at the start and after failures", null,
            "control_plane"),
    JOBS_LEASED("jobs_leased_total", Kind.COUNTER, "Jobs leased", null, "control_plane", "pool"),
    JOBS_RUNNING("jobs_running", Kind.GAUGE, "Jobs between lease and outcome; those being settled are in the outbox", null, "pool", "executor"),
    JOBS_SETTLED("jobs_settled_total", Kind.COUNTER,
            "Jobs that ended, by how", Closed.SETTLED, "control_plane", "pool"),
    JOB_DURATION("job_duration_seconds", Buckets.JOB, "Time from lease to settled", null, "pool"),
    JOB_STAGE_DURATION("job_stage_duration_seconds", Buckets.JOB, "Time spent in each stage of a job", Closed.STAGE),
    HEARTBEATS("heartbeats_total", Kind.COUNTER,
            "Heartbeats by what came of them", Closed.HEARTBEAT_RESULT, "control_plane"),
    HEARTBEAT_DELAY("heartbeat_delay_seconds", Buckets.DELAY,
            "Lateness of heartbeats: from planned to sent", null, "control_plane"),
    LEASE_REMAINING_MIN("lease_remaining_min_seconds", Kind.GAUGE,
            "Time to the fence of the lease that is nearest to it; NaN without leases", null, "control_plane"),
    LEASE_FENCED("lease_fenced_total", Kind.COUNTER,
            "Jobs stopped by us before their lease could expire", null, "control_plane"),
    CONTROL_PLANE_REQUESTS("control_plane_requests_total", Kind.COUNTER,
            "Calls to a control plane by operation and class of the answer",
            Closed.STATUS_CLASS, "control_plane", "operation"),
    CONTROL_PLANE_REQUEST_DURATION("control_plane_request_duration_seconds", Buckets.CALL,
            "Time from a call to its whole answer", null, "control_plane", "operation"),
    CIRCUIT_STATE("control_plane_circuit_state", Kind.GAUGE,
            "Whether lease requests leave: 0 closed (they do), 1 half-open (one is out to see), 2 open (none)", null,
            "control_plane"),
    OUTBOX_ENTRIES("outbox_entries", Kind.GAUGE,
            "Outcomes in the journal that are not acknowledged yet", null, "control_plane"),
    OUTBOX_OLDEST_AGE("outbox_oldest_age_seconds", Kind.GAUGE,
            "Age of the oldest outcome that is not acknowledged yet; 0 without any", null, "control_plane"),
    JOURNAL_QUEUED("journal_queued", Kind.GAUGE, "Journal records that wait for the writer; at most 65,536", null),
    JOURNAL_APPEND_DURATION("journal_append_duration_seconds", Buckets.DELAY,
            "Time from a journal record to its being synced on disk, waiting for the group included", null),
    LOG_BYTES("log_bytes_total", Kind.COUNTER, "Bytes that jobs logged", Closed.LOG_RESULT, "control_plane"),
    LOG_BUFFER_BYTES("log_buffer_bytes", Kind.GAUGE, "Log bytes held in memory", null),
    LOG_SPILL_BYTES("log_spill_bytes", Kind.GAUGE, "Log bytes held on disk", null),
    ARTIFACT_UPLOADS("artifact_uploads_total", Kind.COUNTER,
            "Artifact uploads that ended, by how", Closed.UPLOAD_RESULT, "control_plane"),
    ARTIFACT_BYTES("artifact_bytes_total", Kind.COUNTER,
            "Bytes of artifacts that were stored", null, "control_plane"),
    ARTIFACT_UPLOAD_DURATION("artifact_upload_duration_seconds", Buckets.CALL,
            "Time from the first byte to the stored artifact, retries included", null, "control_plane"),
    ARTIFACT_UPLOADS_IN_FLIGHT("artifact_uploads_in_flight", Kind.GAUGE, "Artifacts being uploaded", null),
    ARTIFACT_UPLOADS_WAITING("artifact_uploads_waiting", Kind.GAUGE,
            "Artifacts waiting for one of the parallel uploads", null),
    PROCESSES("processes", Kind.GAUGE, "Commands of jobs that are running", null),
    ORPHANS_REAPED("orphans_reaped_total", Kind.COUNTER,
            "Processes of a former life that were found and killed", null),
    HOST_PRESSURE("host_pressure_ratio", Kind.GAUGE,
            "How much of the host is in use, 0 to 1 (load: for each core, may be more); cpu, io and memory_stall: share of"
                    + " the last 10 s in which something waited; NaN when it can't be read",
            Closed.RESOURCE),
    CALLS_WAITING("calls_waiting", Kind.GAUGE, "Blocking calls that wait for a thread of their kind", Closed.THREADS),
    MODEL_REQUESTS("model_requests_total", Kind.COUNTER,
            "Requests to a model server that ended, by how; each repetition is one", Closed.MODEL_RESULT, "pool"),
    MODEL_REQUEST_DURATION("model_request_duration_seconds", Buckets.JOB,
            "Time from a request to a model server to its whole answer", null, "pool"),
    MODEL_TOKENS("model_tokens_total", Kind.COUNTER,
            "Tokens that model servers counted; those that came from their cache are input too", Closed.TOKEN_KIND,
            "pool"),
    MODEL_COST("model_cost_total", Kind.COUNTER,
            "Cost of these tokens at the configured prices, in their currency; 0 without prices", null, "pool"),
    MODEL_CALLS_IN_FLIGHT("model_calls_in_flight", Kind.GAUGE, "Requests to a model server under way", null, "pool"),
    MODEL_CALLS_WAITING("model_calls_waiting", Kind.GAUGE,
            "Requests that wait for one of the pool's parallel ones", null, "pool"),
    FUNCTION_PROCESSES("function_processes", Kind.GAUGE,
            "Processes of functions: busy ones are in a call or on their way in or out, idle ones wait for the next call",
            Closed.FUNCTION_PROCESS, "pool"),
    FUNCTION_CALLS("function_calls_total", Kind.COUNTER,
            "Calls of user code by the process that they got: one kept from a call before (warm) or a new one (cold)",
            Closed.FUNCTION_START, "pool"),
    FUNCTION_DROPPED("function_dropped_bytes_total", Kind.COUNTER,
            "Bytes that processes of functions wrote while no call ran; nobody's log has them", null, "pool"),
    FUNCTION_EXECUTIONS_WAITING("function_executions_waiting", Kind.GAUGE,
            "Executions of the Coderunner that we serve which wait for a runner", null, "control_plane"),
    CONFIG_RELOADS("config_reloads_total", Kind.COUNTER,
            "Reloads of the configuration, by what came of them", Closed.RELOAD_RESULT),
    TRACE_SPANS("trace_spans_total", Kind.COUNTER,
            "Spans of jobs by what became of them; dropped: 16,384 were waiting", Closed.SPAN_RESULT),
    EVENT_LOOP_DELAY("event_loop_delay_seconds", Buckets.DELAY,
            "Lateness of a timer on the parallel scheduler", null),
    DROPPED_SIGNALS("dropped_signals_total", Kind.COUNTER,
            "Errors and values that arrived after their stream had ended", null);
    // @formatter:on

    /** The prefix of every name. */
    public static final String PREFIX = "coxswain_";

    private final String baseName;
    private final Kind kind;
    private final Buckets buckets;
    private final String help;
    private final @Nullable Closed closed;
    private final List<String> labels;

    FleetMeters(String baseName, Kind kind, String help, @Nullable Closed closed, String... labels) {
        this(baseName, kind, Buckets.NONE, help, closed, labels);
    }

    FleetMeters(String baseName, Buckets buckets, String help, @Nullable Closed closed, String... labels) {
        this(baseName, Kind.TIMER, buckets, help, closed, labels);
    }

    FleetMeters(String baseName, Kind kind, Buckets buckets, String help, @Nullable Closed closed, String... labels) {
        this.baseName = baseName;
        this.kind = kind;
        this.buckets = buckets;
        this.help = help;
        this.closed = closed;
        this.labels = List.of(labels);
    }

    /** The whole name that Prometheus shows (timers add {@code _bucket}, {@code _count}, {@code _sum}, {@code _max}). */
    public String fullName() {
        return PREFIX + baseName;
    }

    public Kind kind() {
        return kind;
    }

    public String help() {
        return help;
    }

    /** Where a timer's histogram has its borders; none for the other kinds. */
    Buckets buckets() {
        return buckets;
    }

    /** Labels whose values are names from the configuration or the code, in order; the closed one comes after them. */
    public List<String> labels() {
        return labels;
    }

    /** The label with a closed set of values, all of which exist from the start, or null. */
    public @Nullable Closed closed() {
        return closed;
    }

    /** What a meter measures. */
    public enum Kind {
        /** only grows; its name ends in {@code _total} */
        COUNTER,
        /** a value now */
        GAUGE,
        /** a histogram of seconds */
        TIMER
    }

    /**
     * The borders of a timer's histogram. Few of them, because each one is a series for each set of labels, and only
     * where the answer to a question lies.
     */
    enum Buckets {
        /** not a timer */
        NONE,
        /** lateness and syncs: from a good disk's millisecond to a second, which is an incident */
        DELAY(1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 5_000),
        /** one call over the network, to the longest time-out */
        CALL(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 120_000),
        /** jobs and their stages: from a function call to hours of rendering */
        JOB(10, 50, 100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 1_800_000, 3_600_000, 14_400_000);

        private final Duration[] borders;

        Buckets(double... millis) {
            borders = Arrays.stream(millis).mapToObj(border -> Duration.ofNanos((long) (border * 1e6)))
                    .toArray(Duration[]::new);
        }

        Duration[] borders() {
            return borders.clone();
        }
    }

    /** A label with a closed set of values. */
    public enum Closed {
        // @formatter:off
        SUPERVISOR_STATE("state", "starting", "running", "draining", "stopped"),
        RUNNER_STATE("state", "idle", "polling", "leased", "running", "settling", "paused", "quarantined",
                "draining", "stopped"),
        SHARD_STATE("state", "held", "handing_over", "elsewhere"),
        SHARD_RENEWAL("result", "renewed", "conflict", "failed"),
        SLOT_DENIED("reason", "total", "pool", "draining", "paused", "memory", "disk", "inodes", "cpu", "io",
                "load", "open_files", "pids"),
        RESOURCE("resource", "memory", "memory_stall", "disk", "inodes", "cpu", "io", "load", "open_files", "pids"),
        THREADS("resource", "disk", "starts", "files", "signals", "pipes", "container_files", "pod_calls", "pod_files", "shard_calls",
                "notices", "tools", "large_answers", "scrapes", "coderunner_store", "coderunner_files"),
        LEASE_RESULT("result", "granted", "no_job", "rate_limited", "unavailable", "refused", "rejected", "garbled"),
        SETTLED("result", "success", "failure", "cancelled", "timeout", "lost", "abandoned", "unclear"),
        STAGE("stage", "lease", "journal", "run", "upload", "settle"),
        HEARTBEAT_RESULT("result", "renewed", "cancel", "lost", "failed"),
        STATUS_CLASS("status_class", "2xx", "3xx", "4xx", "5xx", "none"),
        LOG_RESULT("result", "kept", "dropped"),
        UPLOAD_RESULT( "result", "stored", "failed", "cancelled"),
        MODEL_RESULT("result", "completed", "incomplete", "rate_limited", "unavailable", "refused", "timed_out",
                "garbled", "cancelled"),
        SPAN_RESULT("result", "sent", "failed", "dropped"),
        RELOAD_RESULT("result", "applied", "refused", "failed"),
        FUNCTION_PROCESS("state", "busy", "idle"),
        FUNCTION_START("state", "warm", "cold"),
        TOKEN_KIND("kind", "input", "cached", "output");
        // @formatter:on

        private final String label;
        private final List<String> values;

        Closed(String label, String... values) {
            this.label = label;
            this.values = List.of(values);
        }

        public String label() {
            return label;
        }

        public List<String> allowed() {
            return values;
        }
    }
}
