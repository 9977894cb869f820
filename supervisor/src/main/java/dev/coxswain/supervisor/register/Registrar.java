package dev.coxswain.supervisor.register;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

/** Where runners are made. */
public interface Registrar {
    /** Makes one, with one try. @param name null for the control plane's default */
    Mono<NewRunner> make(@Nullable String name);

    /** Takes it back, so that its credential is worthless. */
    Mono<Void> revoke(NewRunner runner);
}
