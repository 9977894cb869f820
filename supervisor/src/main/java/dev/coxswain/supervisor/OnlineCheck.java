package dev.coxswain.supervisor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.controlplane.ControlPlane;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.http.HttpClients;
import dev.coxswain.supervisor.http.HttpLimits;
import dev.coxswain.supervisor.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Tries every credential of a configuration at its control plane, without leasing anything. */
public final class OnlineCheck {
    private static final int AT_ONCE = 8;

    private OnlineCheck() {}

    /**
     * What one control plane said to one runner.
     *
     * @param problem why it was not accepted, without the token, or null
     */
    public record Result(String runner, String controlPlane, @Nullable String problem) {
        public boolean accepted() {
            return problem == null;
        }
    }

    /** Emits one result for each credential, in the order of the file. Cancelling is safe. */
    public static Mono<List<Result>> run(FleetFile config) {
        return Mono.usingWhen(Mono.fromSupplier(() -> new HttpClients(HttpLimits.DEFAULT)),
                clients -> check(config, clients), HttpClients::close);
    }

    private static Mono<List<Result>> check(FleetFile config, HttpClients clients) {
        Protocols protocols = new Protocols(clients, new JsonMapper(), FleetClock.system(),
                new Meters(new SimpleMeterRegistry()));
        protocols.describe(config);
        Map<String, ControlPlane> planes = new LinkedHashMap<>();
        // what is served here has nothing to try
        config.controlPlanes().forEach((name, plane) -> {
            if (!config.served().containsKey(name)) {
                planes.put(name, protocols.open(plane));
            }
        });
        return Flux.fromIterable(config.pools()).filter(pool -> planes.containsKey(pool.controlPlane()))
                .concatMap(pool -> Flux.fromIterable(pool.credentials()).flatMapSequential(credential -> Mono
                        .justOrEmpty(planes.get(pool.controlPlane())).flatMap(plane -> plane.check(credential))
                        .thenReturn(new Result(credential.runner(), pool.controlPlane(), null))
                        .onErrorResume(failure -> Mono.just(new Result(credential.runner(), pool.controlPlane(),
                                String.valueOf(failure.getMessage())))),
                        AT_ONCE))
                .collectList();
    }
}
