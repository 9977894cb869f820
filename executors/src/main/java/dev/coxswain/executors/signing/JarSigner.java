package dev.coxswain.executors.signing;

import java.nio.file.Path;
import java.util.List;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * {@code jarsigner} of a JDK. It adds its signature to those that are there, so it gets a copy without any; it reports an
 * unsigned file as no failure, so its words are read when it verifies.
 *
 * @param program absolute path
 * @param temporary where the copy lies before it is in the workspace
 * @param files may block
 */
record JarSigner(String program, SignerCalls calls, Path temporary, Scheduler files) implements Signer {
    /** Its words, which are read, come in the language of the host otherwise. */
    private static final String IN_ENGLISH = "-J-Duser.language=en";
    private static final String VERIFIED = "jar verified.";

    @Override
    public String name() {
        return "jarsigner";
    }

    @Override
    public Mono<Void> sign(String file, String copy) {
        String path = calls.workspace().pathOf(copy);
        // a name of our own for the signature's files: the usual one tells the alias
        return stripped(file, copy)
                .then(calls.secretly(List.of(program, IN_ENGLISH, "-keystore", calls.keystore(),
                        "-storepass:env", SignerCalls.STORE_PASSWORD, "-keypass:env", SignerCalls.KEY_PASSWORD,
                        "-digestalg", "SHA-256", "-sigfile", "CERT", path, calls.profile().keyAlias())))
                .then(calls.plainly(List.of(program, IN_ENGLISH, "-verify", path)))
                .doOnNext(written -> {
                    if (!written.hasLine(VERIFIED)) {
                        throw new WorkspaceException("jarsigner does not find it signed after it was signed");
                    }
                }).then();
    }

    private Mono<Void> stripped(String file, String copy) {
        Workspace workspace = calls.workspace();
        return Mono.usingWhen(Mono.fromSupplier(() -> new TemporaryCopy(temporary)),
                made -> workspace.localFile(file)
                        .switchIfEmpty(Mono.error(() -> new WorkspaceException("it is gone")))
                        .flatMap(original -> Mono.fromCallable(() -> made.fill(original)).subscribeOn(files))
                        .then(Mono.defer(() -> workspace.place(copy, made.file()))),
                made -> Mono.fromRunnable(made::remove).subscribeOn(files));
    }
}
