package dev.coxswain.supervisor;

import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

import dev.coxswain.supervisor.controlplane.ControlPlaneException;
import dev.coxswain.supervisor.controlplane.FleetClock;
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
import reactor.core.scheduler.Schedulers;

/** What making runners needs at every control plane: connections for as long as it takes, a thread for the file. */
final class Registering {
    /** For the jitter of pauses. */
    static final DoubleSupplier RANDOM = () -> ThreadLocalRandom.current().nextDouble();
    private static final int WAITING_WRITES = 16;

    private Registering() {}

    /** Opens connections to {@code url}, and closes them when what was made with them is over. */
    static <T> Flux<T> with(URI url, String controlPlane, Set<String> operations,
            Function<JsonCalls, Publisher<T>> use) {
        return Flux.usingWhen(Mono.fromSupplier(() -> new HttpClients(HttpLimits.DEFAULT)),
                clients -> use.apply(new JsonCalls(clients.calls(), url, controlPlane, operations,
                        new Meters(new SimpleMeterRegistry()), FleetClock.system()::nanos,
                        JsonCalls.DEFAULT_MAX_ANSWER_BYTES)),
                HttpClients::close);
    }

    /** As {@link Registration#register} says, into the file {@code out}. */
    static Flux<NewRunner> register(Registrar registrar, @Nullable String name, int count, Path out) {
        // the end comes on the event loop of the answer, and ending a thread takes a lock, which may be waited for
        return Flux.usingWhen(
                Mono.fromSupplier(() -> Schedulers.newBoundedElastic(1, WAITING_WRITES, "cox-register", 60, true)),
                disk -> new Registration(registrar, new CredentialsFile(out, disk)).register(name, count),
                disk -> Mono.fromRunnable(disk::dispose).subscribeOn(Schedulers.boundedElastic()));
    }

    /** Says of a failure after which nobody knows whether a runner was made how to find out. */
    static Throwable unclear(Throwable failure, String howToFindOut) {
        return mayExist(failure)
                ? new RegisterException(RegisterException.Kind.FAILED, failure.getMessage()
                        + "; it is unknown whether a runner was made: " + howToFindOut, failure)
                : failure;
    }

    private static boolean mayExist(Throwable failure) {
        Throwable call = failure.getCause();
        boolean sent = call == null || !(call.getCause() instanceof ConnectException);
        return sent && (failure instanceof ControlPlaneException.Unavailable
                || failure instanceof ControlPlaneException.Garbled);
    }
}
