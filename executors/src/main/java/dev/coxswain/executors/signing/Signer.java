package dev.coxswain.executors.signing;

import reactor.core.publisher.Mono;

/** One way to sign a file of a workspace. */
sealed interface Signer permits ApkSigner, JarSigner {
    /** The program, for people. */
    String name();

    /**
     * Leaves a signed and verified copy of a file; the file itself stays as it is. Fails with a
     * {@link dev.coxswain.executors.WorkspaceException} without any secret. Cancelling kills what runs.
     *
     * @param file to be signed, relative to the workspace
     * @param copy where its copy goes
     */
    Mono<Void> sign(String file, String copy);
}
