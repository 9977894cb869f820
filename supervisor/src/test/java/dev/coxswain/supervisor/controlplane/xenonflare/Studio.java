package dev.coxswain.supervisor.controlplane.xenonflare;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Lease;
import dev.coxswain.supervisor.http.JsonCalls;

/** A studio adapter in front of a rude server. */
final class Studio extends PlaneRig<XenonflareStudio> {
    static final Credential CREDENTIAL = credential("shorts-1");

    Studio() {
        super("shorts", "xenonflare-studio", CREDENTIAL, XenonflareStudio.OPERATIONS,
                JsonCalls.DEFAULT_MAX_ANSWER_BYTES, XenonflareStudio::new);
    }

    /** Leases project {@code p1} for ten minutes, and forgets the request. */
    Lease lease(String project) {
        Lease lease = granted("{\"leased\":true,\"projectId\":\"p1\",\"leaseExpiresAt\":"
                + NOW.plusSeconds(600).toEpochMilli() + ",\"project\":" + project + "}");
        server.seen().clear();
        return lease;
    }

    Lease lease() {
        return lease("{}");
    }

    static Artifact artifact(String path) {
        return new Artifact(path, Path.of(path), 10, "image/png");
    }

    static List<Artifact> artifacts(int count) {
        return IntStream.range(0, count).mapToObj(i -> artifact("scene" + i + ".png")).toList();
    }
}
