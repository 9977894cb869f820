package dev.coxswain.executors.flutter;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Signs Android apps with what the control plane keeps for a build (contract oore-ci 8). */
public interface AndroidSigner {
    /**
     * Asks for the keys of a build; emits them once, never empty, also when there are none to sign with. Errors of the
     * control plane are passed on as they are. Cancelling is safe. Whoever gets the keys closes them.
     */
    Mono<Keys> fetch(JobAccess access);

    /** What one build signs with: a secret, in memory only, until it is closed. */
    interface Keys extends AutoCloseable {
        /** Whether there is a profile for this variant; without one the app stays unsigned. */
        boolean has(Variant variant);

        /**
         * Signs all that lies below the outputs of the checkout, in place. Emits the events of its own step; a step that
         * did not succeed, or an error, ends the build. Cancelling stops it.
         *
         * @param checkout folder of the checkout, relative to the workspace
         */
        Flux<ExecutionEvent> sign(Variant variant, Workspace workspace, String checkout);

        /** Forgets the secrets; safe to repeat. */
        @Override
        void close();
    }

    /** Variants of an Android app, each with a profile of its own. */
    enum Variant {
        /** built with {@code --debug} */
        DEBUG,
        /** every other */
        RELEASE
    }
}
