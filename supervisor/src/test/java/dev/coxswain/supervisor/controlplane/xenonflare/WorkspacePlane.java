package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.function.Consumer;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Lease;
import tools.jackson.databind.node.ObjectNode;

/** A workspace adapter in front of a rude server. */
final class WorkspacePlane extends PlaneRig<XenonflareWorkspace> {
    static final Credential CREDENTIAL = credential("studio-1");

    WorkspacePlane() {
        super("studio", "xenonflare-workspace", CREDENTIAL, XenonflareWorkspace.OPERATIONS,
                XenonflareWorkspace.MAX_ANSWER_BYTES, XenonflareWorkspace::new);
    }

    /** Leases workspace {@code w1} for ten minutes, and forgets the request. */
    Lease lease() {
        Lease lease = granted("{\"leased\":true,\"workspaceId\":\"w1\",\"leaseExpiresAt\":"
                + NOW.plusSeconds(600).toEpochMilli() + ",\"workspace\":{}}");
        server.seen().clear();
        return lease;
    }

    /** A context with messages and a short earlier part. */
    static String context(Consumer<ObjectNode> change) {
        ObjectNode context = (ObjectNode) MAPPER.readTree("""
                {"workspaceId":"w1","title":" T ","legacyIdea":null,"messageCount":3,
                 "recentMessages":[{"id":"m3","role":"user","text":"three","subtitle":"s","createdAtMs":3}],
                 "priorMessages":[{"id":"m1","role":"user","text":"one","createdAtMs":1},
                                  {"id":"m2","role":"user","text":"two","createdAtMs":2.5}],
                 "recentText":"three","priorTextVerbatim":"one two","recentTokenEstimate":1,"priorTokenEstimate":2,
                 "priorNeedsSummarization":false,"storedPriorSummary":null,"storedSummaryCoversPrior":false,"new":1}
                """);
        change.accept(context);
        return context.toString();
    }
}
