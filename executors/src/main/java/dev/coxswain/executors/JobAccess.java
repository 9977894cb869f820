package dev.coxswain.executors;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

/**
 * What a workload may ask of the control plane that its job came from, while it runs. Credentials stay behind it, and its
 * answers are secrets of the job: in memory only. Its errors are the control plane's; a workload passes them on as they are,
 * since they may say that the job is ours no more.
 */
public interface JobAccess {
    /** For jobs whose document tells all. */
    JobAccess NONE = new JobAccess() {
        @Override
        public @Nullable SourceAccess sources() {
            return null;
        }

        @Override
        public Mono<byte[]> signing(Platform platform) {
            return Mono.empty();
        }
    };

    /** How to get at the sources; null when the document's URL needs nothing of the control plane's. */
    @Nullable
    SourceAccess sources();

    /**
     * Signing material as it was delivered, a JSON text; whoever gets it wipes it. Empty where there is no such thing.
     * Cold: every subscription asks anew. Cancelling is safe.
     */
    Mono<byte[]> signing(Platform platform);

    /** What is signed for. */
    enum Platform {
        /** APK and AAB files */
        ANDROID,
        /** IPA files */
        IOS
    }
}
