package dev.coxswain.supervisor.simulator.oore;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.simulator.Answer;
import dev.coxswain.supervisor.simulator.Call;
import dev.coxswain.supervisor.simulator.CallKind;
import dev.coxswain.supervisor.simulator.ObjectStore;
import dev.coxswain.supervisor.simulator.SimulatorContext;
import dev.coxswain.supervisor.simulator.StoredObject;
import dev.coxswain.supervisor.simulator.Violation;

/**
 * Reserve, complete and abort (contract oore-ci 9). The daemon checks neither that bytes came nor which; the ledger does.
 * Guarded by the monitor of {@link Builds}.
 */
final class Artifacts {
    /** Where the daemon believes it can be reached, wherever it listens. */
    private static final String DEFAULT_BASE = "http://127.0.0.1:8787";
    static final String UPLOAD_PATH = "/v1/artifacts/local-upload/";
    private static final Duration LIFETIME = Duration.ofMinutes(30);
    private static final Duration LOOP = Duration.ofSeconds(60);
    private static final int MAX_TOKENS = 4096;
    private static final int MAX_NAME_BYTES = 255;
    private static final int MAX_OF_BUILD = 10_000;
    private static final Set<String> TYPES = Set.of("apk", "ipa", "app", "generic");

    private final SimulatorContext context;
    private final Builds builds;
    private final Levers levers;
    private final Ids ids;
    /** What the tokens of the daemon's own upload URLs are for; the oldest go when there are too many. */
    private final Map<String, Artifact> uploads = new HashMap<>();
    private final Deque<String> tokens = new ArrayDeque<>();

    Artifacts(SimulatorContext context, Builds builds, Levers levers, Ids ids) {
        this.context = context;
        this.builds = builds;
        this.levers = levers;
        this.ids = ids;
    }

    Answer reserve(Call call, Runner runner, Body body) {
        String name = body.text("name");
        String type = body.text("artifact_type");
        Long size = body.optionalWhole("file_size", Long.MIN_VALUE, Long.MAX_VALUE);
        String checksum = body.optionalText("checksum");
        runner.checkPath(call);
        Build build = builds.bound(call.param("job"), runner, call, CallKind.WRITE, null);
        if (!TYPES.contains(type)) {
            throw Refusal.of(400, "invalid_artifact_type", "artifact_type is one of apk, ipa, app, generic");
        }
        String trimmed = name.strip();
        if (trimmed.isEmpty() || trimmed.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES
                || trimmed.contains("/") || trimmed.contains("\\")) {
            throw Refusal.of(400, "invalid_name", "a name has 1 to " + MAX_NAME_BYTES + " bytes and no slash");
        }
        if (build.state != Build.State.RUNNING) {
            builds.breaks(Violation.OUT_OF_ORDER, build, "an artifact before the start");
        }
        Optional<Artifact> same = finished(build, checksum);
        if (same.isPresent()) {
            return reserved(same.get(), "");
        }
        if (build.artifacts.size() >= MAX_OF_BUILD) {
            throw Refusal.of(500, "storage_error", "the simulator takes no more artifacts of one build");
        }
        Artifact artifact = new Artifact(ids.next(), build, trimmed, type, size, checksum, body.any("metadata"),
                builds.now(), context.now().getEpochSecond());
        artifact.heard = !call.spoiled();
        build.artifacts.put(artifact.id, artifact);
        return reserved(artifact, levers.storage ? uploadUrl(artifact) : "");
    }

    private String uploadUrl(Artifact artifact) {
        if (levers.otherForm()) {
            ObjectStore.Signed signed = context.store().sign(artifact.build.key(), artifact.lease,
                    artifact.id + "/" + artifact.name, "");
            artifact.storeUrl = signed.publicUrl();
            return signed.putUrl();
        }
        String token = context.tokens().grant();
        if (tokens.size() == MAX_TOKENS) {
            uploads.remove(tokens.removeFirst());
        }
        tokens.addLast(token);
        uploads.put(token, artifact);
        return DEFAULT_BASE + UPLOAD_PATH + token;
    }

    private static Answer reserved(Artifact artifact, String url) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("artifact", artifact.toMap());
        answer.put("upload_url", url);
        return Answer.json(200, answer);
    }

    /** What this token is for; from now on it is for nothing any more. Null for one that is not known, burnt or too old. */
    @Nullable
    Artifact burn(String token, long arrivedNanos) {
        Artifact artifact = uploads.remove(token);
        if (artifact == null) {
            return null;
        }
        tokens.remove(token);
        context.ledger().put(artifact.build.key(), artifact.lease, arrivedNanos);
        return builds.now() - artifact.madeNanos > LIFETIME.toNanos() ? null : artifact;
    }

    Answer complete(Call call, Runner runner) {
        Artifact artifact = pending(call, runner);
        if (finished(artifact.build, artifact.checksum).isPresent()) {
            throw Refusal.store("another artifact of the build has this checksum");
        }
        artifact.state = Artifact.State.AVAILABLE;
        String missing = missing(artifact);
        if (missing != null) {
            builds.breaks(Violation.MISSING_ARTIFACT, artifact.build, missing);
        }
        return Answer.json(200, Map.of("artifact", artifact.toMap()));
    }

    Answer abort(Call call, Runner runner, Body body) {
        body.optionalText("error_message");
        Artifact artifact = pending(call, runner);
        artifact.state = Artifact.State.FAILED;
        return Answer.json(200, Map.of("artifact", artifact.toMap()));
    }

    /** Whether the build has an upload open that its runner knows of. */
    boolean open(Build build) {
        return build.artifacts.values().stream()
                .anyMatch(artifact -> artifact.heard && current(artifact) == Artifact.State.PENDING);
    }

    private Artifact pending(Call call, Runner runner) {
        runner.checkPath(call);
        Build build = builds.held(call.param("job"), runner, call, CallKind.WRITE, null);
        Artifact artifact = build == null ? null : build.artifacts.get(call.param("artifact"));
        if (artifact == null || current(artifact) != Artifact.State.PENDING) {
            throw Refusal.of(409, "artifact_not_pending", "this artifact is not waiting for its end");
        }
        return artifact;
    }

    /** A loop of a minute fails what has been open for half an hour. */
    private Artifact.State current(Artifact artifact) {
        long now = builds.now();
        long look = now - now % LOOP.toNanos();
        if (artifact.state == Artifact.State.PENDING && look - artifact.madeNanos > LIFETIME.toNanos()) {
            artifact.state = Artifact.State.FAILED;
        }
        return artifact.state;
    }

    private static Optional<Artifact> finished(Build build, @Nullable String checksum) {
        return checksum == null
                ? Optional.empty()
                : build.artifacts.values().stream().filter(other -> other.state == Artifact.State.AVAILABLE)
                        .filter(other -> checksum.equals(other.checksum)).findFirst();
    }

    private @Nullable String missing(Artifact artifact) {
        long received = artifact.receivedBytes;
        if (artifact.storeUrl != null) {
            received = context.store().find(artifact.storeUrl).map(StoredObject::sizeBytes).orElse(-1L);
        }
        if (received < 0) {
            return "completed, but nothing was ever stored for it";
        }
        if (artifact.sizeBytes != null && artifact.sizeBytes != received) {
            return "reserved for " + artifact.sizeBytes + " bytes, but " + received + " came";
        }
        boolean differs = artifact.receivedChecksum != null && artifact.checksum != null
                && !Objects.equals(artifact.receivedChecksum, artifact.checksum);
        return differs ? "what came has another checksum" : null;
    }
}
