package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import dev.coxswain.supervisor.controlplane.Outcome;
import dev.coxswain.supervisor.controlplane.SignedUpload;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** A leased short. */
final class StudioLease extends XenonflareLease {
    private static final Logger LOG = LoggerFactory.getLogger(StudioLease.class);
    private static final int LARGE_BODY = 1_000_000;

    private final boolean includeTts;
    /** A result without files is composed right after it was planned, so it is kept that long and not read twice. */
    private final AtomicReference<@Nullable Planned> planned = new AtomicReference<>();

    private record Planned(String document, StudioResult result) {}

    StudioLease(LeaseParts parts, boolean includeTts) {
        super(parts);
        this.includeTts = includeTts;
    }

    @Override
    public Mono<List<SignedUpload>> sign(List<Artifact> artifacts) {
        return StudioSigning.sign(parts(), artifacts);
    }

    @Override
    public List<ArtifactRequest> plan(String document) throws InvalidResultException {
        StudioResult result = StudioResult.read(calls().exact(), document);
        List<ArtifactRequest> uploads = result.uploads();
        if (uploads.isEmpty()) {
            planned.set(new Planned(document, result));
        }
        return uploads;
    }

    @Override
    public Outcome.Complete compose(String document, Map<String, String> references) throws InvalidResultException {
        Planned kept = planned.getAndSet(null);
        StudioResult result = kept != null && kept.document().equals(document)
                ? kept.result()
                : StudioResult.read(calls().exact(), document);
        ObjectNode body = result.body(parts().handle().id(), references);
        if (includeTts && result.scenesWithoutAudio() > 0) {
            LOG.warn("{}: speech was asked for, but {} scenes have no audioUrl; completing nevertheless",
                    job().key(), result.scenesWithoutAudio());
        }
        String text = calls().exact().writeValueAsString(body);
        if (text.length() > LARGE_BODY) {
            LOG.warn("{}: the final report has {} characters; the control plane's limit is unknown", job().key(),
                    text.length());
        }
        return new Outcome.Complete(text);
    }
}
