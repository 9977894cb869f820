package dev.coxswain.supervisor;

import java.net.URI;
import java.nio.file.Path;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.xenonflare.XenonflareInstances;
import dev.coxswain.supervisor.register.NewRunner;
import dev.coxswain.supervisor.register.RegisterException;
import dev.coxswain.supervisor.register.Registrar;
import dev.coxswain.supervisor.register.Registration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Makes, renames and revokes Xenonflare's runner instances for one person. Each call opens and closes its connections. */
public final class XenonflareRegistration {
    private final URI url;
    private final Secret idToken;

    /**
     * @param url the control plane
     * @param idToken a Firebase ID token, see {@link dev.coxswain.supervisor.register.IdToken}
     */
    public XenonflareRegistration(URI url, Secret idToken) {
        this.url = url;
        this.idToken = idToken;
    }

    /** As {@link Registration#register} says, into the file {@code out}. */
    public Flux<NewRunner> create(XenonflareInstances.Kind kind, @Nullable String name, int count, Path out) {
        return with(instances -> Registering.register(new Registrar() {
            @Override
            public Mono<NewRunner> make(@Nullable String wanted) {
                return instances.create(kind, wanted)
                        .onErrorMap(e -> Registering.unclear(e,
                                "look for it in the Studio's settings, and revoke it there"))
                        .map(made -> new NewRunner(made.id(), made.kind() + " runner " + made.name() + ", credential "
                                + made.credentialId(), made.token()));
            }

            @Override
            public Mono<Void> revoke(NewRunner runner) {
                return instances.revoke(runner.id());
            }
        }, name, count, out));
    }

    /** Emits the new name. */
    public Mono<String> rename(String id, String name) {
        return with(instances -> instances.rename(id, name)).single();
    }

    /** Completes when the key is worthless. */
    public Mono<Void> revoke(String id) {
        return with(instances -> instances.revoke(id)).then();
    }

    private <T> Flux<T> with(Function<XenonflareInstances, Publisher<T>> use) {
        return Registering
                .with(url, "xenonflare", XenonflareInstances.OPERATIONS,
                        calls -> use.apply(new XenonflareInstances(calls, idToken, new JsonMapper(),
                                FleetClock.system(), Schedulers.parallel(), Registering.RANDOM)))
                .onErrorMap(ControlPlaneException.CredentialRefused.class, XenonflareRegistration::refused);
    }

    private static RegisterException refused(ControlPlaneException refused) {
        return new RegisterException(RegisterException.Kind.USAGE, refused.getMessage()
                + "; an ID token is good for an hour, and runners for everybody are made by admins", refused);
    }
}
