package dev.coxswain.executors.flutter;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Mono;

/** Reads small files of the checkout; a link that leads out of it, also to elsewhere in the workspace, ends the build. */
final class CheckedOutFiles {
    /** Lies in every checkout and is never a link: its place is the checkout's. */
    private static final String MARK = Checkout.FOLDER + "/.git/HEAD";

    private final Workspace workspace;

    CheckedOutFiles(Workspace workspace) {
        this.workspace = workspace;
    }

    /** The text of a file; empty when there is none. Fails with the build's end when it can't be used. */
    Mono<String> read(String path, int maxBytes) {
        String relative = Checkout.FOLDER + "/" + path;
        return workspace.localFile(relative)
                .flatMap(file -> workspace.localFile(MARK).filter(mark -> within(mark, file))
                        .switchIfEmpty(Mono.error(() -> BuildEnd.failed(path
                                + " can't be used: it is a link that leads out of the checkout"))))
                .flatMap(mark -> workspace.read(relative, maxBytes)).map(content -> text(path, content))
                .onErrorMap(WorkspaceException.class,
                        e -> BuildEnd.failed(path + " can't be used: " + e.getMessage()));
    }

    private static boolean within(Path mark, Path file) {
        Path git = mark.getParent();
        Path root = git == null ? null : git.getParent();
        return root != null && file.startsWith(root);
    }

    private static String text(String path, byte[] content) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw BuildEnd.failed(path + " can't be used: it is not UTF-8");
        }
    }
}
