package dev.coxswain.supervisor.coderunner;

import reactor.core.publisher.Mono;

/** Work that, once begun, goes on to its end whether or not anybody still waits for it. */
final class Unbroken {
    private Unbroken() {}

    /**
     * For what is stored and then acted upon: a caller who goes away in between must not leave half of it, which nobody would
     * take up before the next start. It has an end of its own, by the store's or the connection's.
     */
    static <T> Mono<T> of(Mono<T> work) {
        // cached for its one subscriber: the source of a cache is not cancelled with whoever reads it
        return Mono.defer(work::cache);
    }
}
