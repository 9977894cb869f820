package dev.coxswain.executors.kubernetes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.StderrTail;
import dev.coxswain.executors.Workspace.Entry;
import dev.coxswain.executors.WorkspaceException;
import dev.coxswain.executors.exec.ExecFrame;
import dev.coxswain.executors.exec.Header;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The files of the workspace of one pod: each look at them is an exec. */
final class PodFiles {
    private static final int PIECE = 256 << 10;

    private final Cluster cluster;
    private final String pod;
    private final PodPaths paths;
    private final LocalCopies copies;
    private final long mostBytes;
    private final Scheduler files;

    /** @param mostBytes of one file: no more fit into the workspace */
    PodFiles(Cluster cluster, String pod, PodPaths paths, LocalCopies copies, long mostBytes, Scheduler files) {
        this.cluster = cluster;
        this.pod = pod;
        this.paths = paths;
        this.copies = copies;
        this.mostBytes = mostBytes;
        this.files = files;
    }

    /** What a program of ours said, and whether it can be believed. */
    private static final class Answer {
        final Header header = new Header("the pod");
        final StderrTail stderr = new StderrTail();
        int code;

        String word(String what) {
            String text = header.text();
            if (text == null || code != 0) {
                throw new WorkspaceException(what + ": the pod's shell ended with exit code " + code
                        + (stderr.lastLine().isEmpty() ? "" : ": " + stderr.lastLine()));
            }
            return text;
        }
    }

    /** Runs a program of ours; what it writes behind its first word goes to {@code content}. */
    private Mono<Answer> ask(String what, String program, Flux<byte[]> input, Consumer<byte[]> content) {
        return Mono.defer(() -> {
            Answer answer = new Answer();
            return cluster.exec(pod, program, input).doOnNext(frame -> {
                switch (frame) {
                    case ExecFrame.Output(Stream stream, byte[] bytes) -> {
                        if (stream == Stream.STDERR) {
                            answer.stderr.add(bytes);
                        } else {
                            byte[] rest = answer.header.rest(bytes);
                            if (rest.length > 0) {
                                content.accept(rest);
                            }
                        }
                    }
                    case ExecFrame.Exit(int code) -> answer.code = code;
                }
            }).then(Mono.fromSupplier(() -> answer)).onErrorMap(ExecBrokenException.class,
                    e -> new WorkspaceException(what + ": the connection to the pod is lost: " + e.getMessage(), e));
        });
    }

    /** For answers that have a first word only; fails unless that is {@code ok}. */
    private Mono<Void> tell(String what, String program, Flux<byte[]> input) {
        return ask(what, program, input, rest -> {}).doOnNext(answer -> require(what, answer.word(what), "ok")).then();
    }

    private static void require(String what, String word, String wanted) {
        if (word.equals(wanted)) {
            return;
        }
        throw new WorkspaceException(what + ": " + switch (word) {
            case "outside" -> "the path leaves the workspace through a symbolic link";
            case "nofile" -> "not a regular file";
            case "nofolder" -> "not a folder";
            case "folder" -> "a folder is in its place";
            case "denied" -> "permission denied";
            case "gone" -> "the workspace is gone";
            default -> PodState.line(word);
        });
    }

    /** Makes the workspace, and looks whether the image has what is needed. */
    Mono<Void> setUp(String marks, String image) {
        String what = "cannot make the workspace in the pod " + pod;
        return ask(what, FilePrograms.setUp(paths.root(), marks), Flux.empty(), rest -> {}).doOnNext(answer -> {
            String word = answer.word(what);
            if (word.startsWith("missing ")) {
                throw new WorkspaceException(what + ": the image " + image + " has no " + word.substring(8)
                        + "; an image with a POSIX shell and coreutils, findutils and grep (or busybox) is needed");
            }
            if (word.equals("failed")) {
                throw new WorkspaceException(what + ": the image's user may not write there, or it is there already ("
                        + answer.stderr.lastLine() + "); set runAsUser");
            }
            require(what, word, "ok");
        }).then();
    }

    Mono<Void> write(String relative, byte[] content) {
        String what = "cannot write " + PodPaths.printable(relative);
        return Mono.defer(() -> tell(what, FilePrograms.write(paths, relative, content.length), pieces(content)));
    }

    private static Flux<byte[]> pieces(byte[] content) {
        return Flux.range(0, (content.length + PIECE - 1) / PIECE).map(piece -> Arrays.copyOfRange(content,
                piece * PIECE, Math.min(content.length, (piece + 1) * PIECE)));
    }

    Mono<Void> place(String relative, Path local) {
        String what = "cannot write " + PodPaths.printable(relative);
        return Mono.usingWhen(
                Mono.fromCallable(() -> FileChannel.open(local, StandardOpenOption.READ)).subscribeOn(files),
                channel -> Mono.fromCallable(channel::size).subscribeOn(files).flatMap(size -> tell(what,
                        FilePrograms.write(paths, relative, size), pieces(channel))),
                channel -> Mono.fromCallable(() -> {
                    channel.close();
                    return true;
                }).subscribeOn(files)).then(Mono.fromCallable(() -> Files.deleteIfExists(local)).subscribeOn(files))
                .onErrorMap(IOException.class, e -> LocalCopies.failure(what, e)).then();
    }

    private Flux<byte[]> pieces(FileChannel channel) {
        return Flux.<byte[]>generate(sink -> {
            ByteBuffer piece = ByteBuffer.allocate(PIECE);
            try {
                int read = channel.read(piece);
                if (read < 0) {
                    sink.complete();
                } else {
                    sink.next(Arrays.copyOf(piece.array(), read));
                }
            } catch (IOException e) {
                sink.error(e);
            }
        }).subscribeOn(files);
    }

    Mono<Void> folder(String relative) {
        String what = "cannot make the folder " + PodPaths.printable(relative);
        return Mono.defer(() -> tell(what, FilePrograms.folder(paths, relative), Flux.empty()));
    }

    Mono<Void> wipe(String relative) {
        String what = "cannot remove " + PodPaths.printable(relative);
        return Mono.defer(() -> ask(what, FilePrograms.wipe(paths, relative), Flux.empty(), rest -> {}))
                .doOnNext(answer -> {
                    if (!answer.word(what).equals("none")) {
                        require(what, answer.word(what), "ok");
                    }
                }).then();
    }

    Mono<byte[]> read(String relative, int most) {
        String what = "cannot read " + PodPaths.printable(relative);
        return Mono.defer(() -> {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            return ask(what, FilePrograms.read(paths, relative, most + 1L), Flux.empty(), content::writeBytes)
                    .mapNotNull(answer -> {
                        if (answer.word(what).equals("none")) {
                            return null;
                        }
                        real(what, answer);
                        if (content.size() > most) {
                            throw new WorkspaceException(
                                    PodPaths.printable(relative) + " is longer than " + most + " bytes");
                        }
                        return content.toByteArray();
                    });
        });
    }

    /** The real path that an answer names. */
    private static String real(String what, Answer answer) {
        String word = answer.word(what);
        if (!word.startsWith("ok ")) {
            require(what, word, "ok");
        }
        return word.substring(3);
    }

    Mono<Path> copy(String relative) {
        String what = "cannot read " + PodPaths.printable(relative);
        return Mono.defer(() -> {
            String program = FilePrograms.read(paths, relative, mostBytes + 1);
            return Mono.usingWhen(Mono.fromCallable(copies::begin).subscribeOn(files),
                    part -> ask(what, program, Flux.empty(), bytes -> {
                        try {
                            part.add(bytes);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }).publishOn(files).mapNotNull(answer -> kept(what, answer, part)),
                    part -> Mono.fromRunnable(part::drop).subscribeOn(files));
        }).onErrorMap(UncheckedIOException.class, e -> LocalCopies.failure(what, Objects.requireNonNull(e.getCause())))
                .onErrorMap(IOException.class, e -> LocalCopies.failure(what, e));
    }

    private @Nullable Path kept(String what, Answer answer, LocalCopies.Part part) {
        if (answer.word(what).equals("none")) {
            return null;
        }
        try {
            String real = real(what, answer);
            if (part.channel().size() > mostBytes) {
                throw new WorkspaceException(what + ": it is longer than the workspace may be");
            }
            return copies.keep(part, real);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Flux<Entry> list(String folder, int most) {
        String what = "cannot list " + PodPaths.printable(folder);
        return Flux.defer(() -> {
            Listing listing = new Listing(most);
            return ask(what, FilePrograms.list(paths, folder), Flux.empty(), listing::add).flatMapIterable(answer -> {
                if (answer.word(what).equals("none")) {
                    return List.of();
                }
                require(what, answer.word(what), "ok");
                return listing.entries();
            });
        });
    }
}
