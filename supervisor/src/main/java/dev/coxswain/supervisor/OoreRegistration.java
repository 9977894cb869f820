package dev.coxswain.supervisor;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.oore.OoreRunners;
import dev.coxswain.supervisor.register.NewRunner;
import dev.coxswain.supervisor.register.RegisterException;
import dev.coxswain.supervisor.register.Registrar;
import dev.coxswain.supervisor.register.Registration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Registers runners of Oore CI for one person. Each call opens and closes its connections. */
public final class OoreRegistration {
    private static final int PROTOCOL = 4;

    private final URI url;
    private final Secret userToken;

    /**
     * @param url the daemon
     * @param userToken of a login session or an API token of an owner or admin
     */
    public OoreRegistration(URI url, Secret userToken) {
        this.url = url;
        this.userToken = userToken;
    }

    /**
     * As {@link Registration#register} says, into the file {@code out}: a line {@code id token} for each runner.
     *
     * @param name of one; of several the beginning; the longest of them has at most 255 bytes
     */
    public Flux<NewRunner> register(String name, int count, Path out) {
        String longest = count == 1 ? name : name + "-" + count;
        if (!OoreRunners.isName(longest)) {
            return Flux.error(new RegisterException(RegisterException.Kind.USAGE,
                    "a runner's name has 1 to " + OoreRunners.MOST_NAME_BYTES
                            + " bytes, and of several a dash and a number belong to it",
                    null));
        }
        return Registering
                .<NewRunner>with(url, "oore", OoreRunners.OPERATIONS,
                        calls -> Registering.register(registrar(new OoreRunners(calls, userToken, new JsonMapper(),
                                FleetClock.system(), Schedulers.parallel(), Registering.RANDOM)), name, count, out))
                .onErrorMap(ControlPlaneException.CredentialRefused.class,
                        refused -> new RegisterException(RegisterException.Kind.USAGE,
                                String.valueOf(refused.getMessage()), refused));
    }

    private static Registrar registrar(OoreRunners runners) {
        Map<String, Object> capabilities = capabilities();
        return new Registrar() {
            @Override
            public Mono<NewRunner> make(@Nullable String name) {
                return runners.register(Objects.requireNonNull(name), capabilities)
                        .onErrorMap(
                                e -> Registering.unclear(e, "look for it among the daemon's runners, and delete it"))
                        .map(made -> new NewRunner(made.id(), "runner " + made.name(),
                                new Secret(made.id() + " " + made.token().reveal())));
            }

            @Override
            public Mono<Void> revoke(NewRunner runner) {
                return runners.delete(runner.id());
            }
        };
    }

    /** What is true of this host, in the words of the daemon's own runner. */
    static Map<String, Object> capabilities() {
        String os = System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT);
        return Map.of("os", os.startsWith("mac") ? "macos" : os, "os_version",
                System.getProperty("os.version", "unknown"), "arch", System.getProperty("os.arch", "unknown"),
                "version", Version.current(), "protocol_version", PROTOCOL);
    }
}
