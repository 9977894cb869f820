package dev.coxswain.supervisor;

import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.controlplane.Secret;
import dev.coxswain.supervisor.controlplane.xenonflare.XenonflareInstances;
import dev.coxswain.supervisor.http.HttpClients;
import dev.coxswain.supervisor.http.HttpLimits;
import dev.coxswain.supervisor.http.JsonCalls;
import dev.coxswain.supervisor.metrics.Meters;
import dev.coxswain.supervisor.register.CredentialsFile;
import dev.coxswain.supervisor.register.NewRunner;
import dev.coxswain.supervisor.register.RegisterException;
import dev.coxswain.supervisor.register.Registrar;
import dev.coxswain.supervisor.register.Registration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/** Makes, renames and revokes Xenonflare's runner instances for one person. Each call opens and closes its connections. */
public final class XenonflareRegistration {
    private static final int WAITING_WRITES = 16;

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
        return Flux.using(() -> Schedulers.newBoundedElastic(1, WAITING_WRITES, "cox-register", 60, true),
                disk -> with(instances -> create(instances, kind, name, count, new CredentialsFile(out, disk))),
                Scheduler::dispose);
    }

    /** Emits the new name. */
    public Mono<String> rename(String id, String name) {
        return with(instances -> instances.rename(id, name)).single();
    }

    /** Completes when the key is worthless. */
    public Mono<Void> revoke(String id) {
        return with(instances -> instances.revoke(id)).then();
    }

    private static Flux<NewRunner> create(XenonflareInstances instances, XenonflareInstances.Kind kind,
            @Nullable String name, int count, CredentialsFile file) {
        return new Registration(new Registrar() {
            @Override
            public Mono<NewRunner> make(@Nullable String wanted) {
                return instances.create(kind, wanted).onErrorMap(XenonflareRegistration::mayExist,
                        e -> new RegisterException(RegisterException.Kind.FAILED, e.getMessage()
                                + "; it is unknown whether a runner was made: look for it in the Studio's settings, "
                                + "and revoke it there", e))
                        .map(made -> new NewRunner(made.id(), made.kind() + " runner " + made.name() + ", credential "
                                + made.credentialId(), made.token()));
            }

            @Override
            public Mono<Void> revoke(NewRunner runner) {
                return instances.revoke(runner.id());
            }
        }, file).register(name, count);
    }

    private static boolean mayExist(Throwable failure) {
        Throwable call = failure.getCause();
        boolean sent = call == null || !(call.getCause() instanceof ConnectException);
        return sent && (failure instanceof ControlPlaneException.Unavailable
                || failure instanceof ControlPlaneException.Garbled);
    }

    private static RegisterException refused(ControlPlaneException refused) {
        return new RegisterException(RegisterException.Kind.USAGE, refused.getMessage()
                + "; an ID token is good for an hour, and runners for everybody are made by admins", refused);
    }

    private <T> Flux<T> with(Function<XenonflareInstances, Publisher<T>> use) {
        return Flux.usingWhen(Mono.fromSupplier(() -> new HttpClients(HttpLimits.DEFAULT)), clients -> use.apply(
                new XenonflareInstances(new JsonCalls(clients.calls(), url, "xenonflare",
                        XenonflareInstances.OPERATIONS, new Meters(new SimpleMeterRegistry()),
                        FleetClock.system()::nanos, JsonCalls.DEFAULT_MAX_ANSWER_BYTES), idToken, new JsonMapper(),
                        FleetClock.system(), Schedulers.parallel(), () -> ThreadLocalRandom.current().nextDouble())),
                HttpClients::close)
                .onErrorMap(ControlPlaneException.CredentialRefused.class, XenonflareRegistration::refused);
    }
}
