package dev.coxswain.supervisor.register;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes runners and keeps their credentials; one that can't be kept is revoked again, so that no key is left astray. */
public final class Registration {
    private final Registrar registrar;
    private final CredentialsFile file;

    public Registration(Registrar registrar, CredentialsFile file) {
        this.registrar = registrar;
        this.file = file;
    }

    /**
     * Makes so many, one after another, and emits each when its credential is on the disk. Ends at the first failure:
     * those emitted before are whole. Fails with a {@link RegisterException}, or with the registrar's exception when
     * nothing was made. Not to be cancelled: a credential on its way would be lost.
     *
     * @param name of one; of several the beginning, followed by a dash and a number; null for the control plane's default
     */
    public Flux<NewRunner> register(@Nullable String name, int count) {
        return file.check().thenMany(Flux.range(1, count)
                .concatMap(i -> registrar.make(name == null || count == 1 ? name : name + "-" + i).flatMap(this::keep),
                        1));
    }

    private Mono<NewRunner> keep(NewRunner runner) {
        return file.add(runner.id() + ", " + runner.about(), runner.credential()).thenReturn(runner)
                .onErrorResume(unwritten -> takeBack(runner, unwritten));
    }

    private Mono<NewRunner> takeBack(NewRunner runner, Throwable unwritten) {
        return registrar.revoke(runner).onErrorMap(kept -> new RegisterException(RegisterException.Kind.FAILED,
                "the credential of runner " + runner.id() + " could not be kept (" + unwritten.getMessage()
                        + "), and it could not be revoked either (" + kept.getMessage() + "); revoke it by its id",
                kept)).then(Mono.error(
                        () -> new RegisterException(RegisterException.Kind.FAILED,
                                "the credential of runner " + runner.id() + " could not be kept ("
                                        + unwritten.getMessage()
                                        + "); the runner was revoked again",
                                unwritten)));
    }
}
