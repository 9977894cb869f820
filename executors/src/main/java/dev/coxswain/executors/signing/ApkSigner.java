package dev.coxswain.executors.signing;

import java.util.List;

import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Mono;

/**
 * {@code apksigner} of Android's build tools, which replaces what a file was signed with before. It keeps the alignment of a
 * file, and breaks on none, so {@code zipalign} comes first.
 */
record ApkSigner(SigningTools.BuildTools tools, SignerCalls calls) implements Signer {
    @Override
    public String name() {
        return "apksigner";
    }

    @Override
    public Mono<Void> sign(String file, String copy) {
        Workspace workspace = calls.workspace();
        String from = workspace.pathOf(file);
        String to = workspace.pathOf(copy);
        String program = tools.apksigner().toString();
        Mono<String> aligned = tools.zipalign() == null
                ? Mono.just(from)
                : calls.plainly(tools.knowsLargePages()
                        ? List.of(tools.zipalign().toString(), "-f", "-P", "16", "4", from, to)
                        : List.of(tools.zipalign().toString(), "-f", "-p", "4", from, to)).thenReturn(to);
        return aligned
                .flatMap(in -> calls.secretly(List.of(program, "sign", "--ks", calls.keystore(), "--ks-key-alias",
                        calls.profile().keyAlias(), "--ks-pass", "env:" + SignerCalls.STORE_PASSWORD, "--key-pass",
                        "env:" + SignerCalls.KEY_PASSWORD, "--out", to, in)))
                .then(calls.plainly(List.of(program, "verify", to))).then();
    }
}
