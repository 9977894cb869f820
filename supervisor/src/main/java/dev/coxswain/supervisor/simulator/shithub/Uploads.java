package dev.coxswain.supervisor.simulator.shithub;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.ObjectStore;
import dev.coxswain.supervisor.simulator.SimulatorContext;

/**
 * Artifacts (contract shithub-actions 10): declared, then sent to a signed URL, and nobody asks whether it came but the
 * ledger. Guarded by the monitor of {@link Jobs}.
 */
final class Uploads {
    private static final Set<String> KEYS = Set.of("name", "size_bytes");
    private static final int MOST = 10_000;
    private static final long FIRST_ID = 9_400_000_001L;

    private final SimulatorContext context;
    private final Levers levers;
    private long made;

    Uploads(SimulatorContext context, Levers levers) {
        this.context = context;
        this.levers = levers;
    }

    Gate.Done declare(Call call, Job job) {
        Fields body = Fields.of(call.body(), KEYS);
        String name = body.text("name").strip();
        long size = body.whole("size_bytes", Long.MIN_VALUE, Long.MAX_VALUE);
        if (!name.matches("[A-Za-z0-9._-]{1,100}") || name.startsWith("..")) {
            throw GoJson.refusal(400, "invalid artifact name");
        }
        if (size < 0) {
            throw GoJson.refusal(400, "size_bytes must be non-negative");
        }
        if (size > 0 && levers.fails(Knob.QUOTA_402, JobCall.ARTIFACTS.label)) {
            context.ledger().excuse(job.key(), job.lease);
            throw GoJson.refusal(402, "the organization has no storage left for " + size + " bytes");
        }
        boolean failing = levers.fails(Knob.ARTIFACT_500, JobCall.ARTIFACTS.label);
        if (failing || job.artifacts.size() >= MOST
                || (levers.uniqueArtifacts && job.run.artifactNames.contains(name))) {
            context.ledger().excuse(job.key(), job.lease);
            throw GoJson.refusal(500, JobCall.ARTIFACTS.failure);
        }
        ObjectStore.Signed signed = context.store().sign(job.key(), job.lease,
                "actions/runs/" + job.run.id + "/artifacts/" + name, "");
        boolean refused = levers.fails(Knob.PUT_REFUSED, JobCall.ARTIFACTS.label);
        Artifact artifact = new Artifact(FIRST_ID + made++, name, size, signed.publicUrl(),
                !call.spoiled() && !refused);
        job.artifacts.add(artifact);
        job.run.artifactNames.add(name);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("artifact_id", artifact.id());
        answer.put("upload_url", signed.putUrl() + (refused ? "0" : ""));
        return new Gate.Done(201, answer, false);
    }
}
