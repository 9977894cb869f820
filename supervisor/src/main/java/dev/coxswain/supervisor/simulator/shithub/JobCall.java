package dev.coxswain.supervisor.simulator.shithub;

import java.util.Arrays;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.JobEnd;
import dev.coxswain.supervisor.simulator.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The calls that need the token of a job. */
enum JobCall {
    /** A chunk of a step's log. */
    LOGS("logs", CallKind.WRITE, "append log failed"),
    /** The state of a step. */
    STEP("step", CallKind.WRITE, "step status update failed"),
    /** The state of the job. */
    STATUS("status", CallKind.SETTLE, "status update failed"),
    /** An artifact to come. */
    ARTIFACTS("artifacts", CallKind.SIGN, "artifact create failed"),
    /** Whether somebody wants the job to end; what keeps the chain alive while there is nothing else to say. */
    CANCEL_CHECK("cancel-check", CallKind.HEARTBEAT, "job lookup failed");

    final String label;
    final CallKind kind;
    /** What the server says when its database fails. */
    final String failure;

    JobCall(String label, CallKind kind, String failure) {
        this.label = label;
        this.kind = kind;
        this.failure = failure;
    }

    static Optional<JobCall> labelled(String label) {
        return Arrays.stream(values()).filter(call -> call.label.equals(label)).findFirst();
    }

    /** The end that such a body reports; null when it reports none. */
    @Nullable
    JobEnd report(byte[] body) {
        if (this != STATUS) {
            return null;
        }
        try {
            JsonNode json = Json.readFirst(body);
            return end(Phase.labelled(json.path("status").asString("")).orElse(Phase.QUEUED),
                    json.path("conclusion").asString(""));
        } catch (JacksonException e) {
            return null;
        }
    }

    /** What kind of request it is for the ledger: a status that ends nothing settles nothing. */
    CallKind kind(@Nullable JobEnd report) {
        return this == STATUS && report == null ? CallKind.HEARTBEAT : kind;
    }

    /** How a job ends that a runner reports so; null when it goes on. */
    static @Nullable JobEnd end(Phase phase, String conclusion) {
        return switch (phase) {
            case QUEUED, RUNNING, SKIPPED -> null;
            case CANCELLED -> JobEnd.CANCELLED;
            case COMPLETED -> Phase.fails(conclusion) || conclusion.equals("cancelled")
                    ? JobEnd.FAILED
                    : JobEnd.COMPLETED;
        };
    }
}
