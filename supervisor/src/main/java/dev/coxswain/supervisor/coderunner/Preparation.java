package dev.coxswain.supervisor.coderunner;

import java.nio.file.Path;

import reactor.core.publisher.Mono;

/** Finds out what is run in unpacked code, and gets what it needs (contract section 7). */
interface Preparation {
    /**
     * Emits the file to run, relative to the code. Fails with a {@link PreparationException} when the code can't be run; any
     * other error is ours. Cancelling stops what was started.
     *
     * @param key unique, safe as a file name
     */
    Mono<String> prepare(String key, Path code, LanguageType language);
}
