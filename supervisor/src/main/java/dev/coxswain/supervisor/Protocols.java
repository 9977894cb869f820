package dev.coxswain.supervisor;

import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.ControlPlaneConfig;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.coderunner.CoderunnerControlPlane;
import dev.coxswain.supervisor.controlplane.coderunner.ExecutionQueue;
import dev.coxswain.supervisor.controlplane.oore.OoreControlPlane;
import dev.coxswain.supervisor.controlplane.shithub.ShithubControlPlane;
import dev.coxswain.supervisor.controlplane.xenonflare.XenonflareStudio;
import dev.coxswain.supervisor.controlplane.xenonflare.XenonflareWorkspace;
import dev.coxswain.supervisor.http.HttpClients;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.metrics.Meters;
import tools.jackson.databind.json.JsonMapper;

/** The protocols we speak, one line each. */
public final class Protocols {
    private final HttpClients clients;
    private final JsonMapper mapper;
    private final FleetClock clock;
    private final Meters meters;
    private final ShithubProfiles profiles = new ShithubProfiles();
    private volatile @Nullable ExecutionQueue queue;

    public Protocols(HttpClients clients, JsonMapper mapper, FleetClock clock, Meters meters) {
        this.clients = clients;
        this.mapper = mapper;
        this.clock = clock;
        this.meters = meters;
    }

    /** The executions of the Coderunner that is served here come from there. */
    void serve(ExecutionQueue served) {
        queue = served;
    }

    private ExecutionQueue served(ControlPlaneConfig config) {
        ExecutionQueue made = queue;
        if (made == null) {
            throw new IllegalArgumentException("controlPlanes." + config.name() + " is not served");
        }
        return made;
    }

    /** What runners say of themselves comes from here, from now on. */
    public void describe(FleetFile config) {
        profiles.cover(config);
    }

    /**
     * Makes the adapter of one control plane.
     *
     * @throws IllegalArgumentException for a protocol that the configuration should have refused
     */
    public ControlPlane open(ControlPlaneConfig config) {
        return switch (config.protocol()) {
            case "xenonflare-studio" -> new XenonflareStudio(config,
                    calls(config, XenonflareStudio.OPERATIONS, JsonCalls.DEFAULT_MAX_ANSWER_BYTES),
                    heartbeats(config, XenonflareStudio.OPERATIONS), mapper, clock,
                    () -> ThreadLocalRandom.current().nextLong());
            case "xenonflare-workspace" -> new XenonflareWorkspace(config,
                    calls(config, XenonflareWorkspace.OPERATIONS, XenonflareWorkspace.MAX_ANSWER_BYTES),
                    heartbeats(config, XenonflareWorkspace.OPERATIONS), mapper, clock,
                    () -> ThreadLocalRandom.current().nextLong());
            case "oore" -> new OoreControlPlane(config,
                    calls(config, OoreControlPlane.OPERATIONS, OoreControlPlane.MAX_ANSWER_BYTES),
                    heartbeats(config, OoreControlPlane.OPERATIONS), mapper, clock,
                    () -> ThreadLocalRandom.current().nextLong());
            case "shithub" -> new ShithubControlPlane(config,
                    calls(config, ShithubControlPlane.OPERATIONS, ShithubControlPlane.MAX_ANSWER_BYTES),
                    heartbeats(config, ShithubControlPlane.OPERATIONS), mapper, clock, profiles,
                    () -> ThreadLocalRandom.current().nextLong());
            case "coderunner" -> new CoderunnerControlPlane(config.name(), served(config), clock);
            default -> throw new IllegalArgumentException("no protocol " + config.protocol());
        };
    }

    private JsonCalls calls(ControlPlaneConfig config, Set<String> operations, int maxAnswerBytes) {
        return new JsonCalls(clients.calls(), config.url(), config.name(), operations, meters, clock::nanos,
                maxAnswerBytes).readingLargeOn(clients.large());
    }

    private JsonCalls heartbeats(ControlPlaneConfig config, Set<String> operations) {
        return new JsonCalls(clients.heartbeats(), config.url(), config.name(), operations, meters, clock::nanos,
                JsonCalls.DEFAULT_MAX_ANSWER_BYTES);
    }
}
