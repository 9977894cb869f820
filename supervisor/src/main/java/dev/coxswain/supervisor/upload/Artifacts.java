package dev.coxswain.supervisor.upload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

import dev.coxswain.supervisor.controlplane.Artifact;
import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Measures the files that a result names, before anything is signed (contract xenonflare-studio 4 and 5). */
final class Artifacts {
    /** Files that one job may upload. */
    static final int MOST = 1000;
    private static final int AT_ONCE = 4;

    private final long maxFileBytes;
    private final Scheduler files;

    Artifacts(long maxFileBytes, Scheduler files) {
        this.maxFileBytes = maxFileBytes;
        this.files = files;
    }

    Mono<List<Artifact>> of(List<ArtifactRequest> requests, Function<String, Mono<Path>> localFile) {
        if (requests.size() > MOST) {
            return invalid("the result names " + requests.size() + " files to upload; at most " + MOST + " are taken");
        }
        Set<String> paths = new HashSet<>();
        for (ArtifactRequest request : requests) {
            if (!paths.add(request.path().toLowerCase(Locale.ROOT))) {
                return invalid("two files are to be uploaded as " + shown(request.path()));
            }
            if (request.contentType() != null && !ContentTypes.isValid(request.contentType())) {
                return invalid("the content type of " + shown(request.path())
                        + " must be a plain type/subtype such as image/png, without parameters");
            }
        }
        return Flux.fromIterable(requests).flatMapSequential(request -> one(request, localFile), AT_ONCE).collectList();
    }

    private Mono<Artifact> one(ArtifactRequest request, Function<String, Mono<Path>> localFile) {
        return Mono.defer(() -> localFile.apply(request.file()))
                .switchIfEmpty(invalid("there is no file " + shown(request.file()) + " to upload"))
                .flatMap(file -> Mono.fromCallable(() -> measure(request, file)).subscribeOn(files));
    }

    private Artifact measure(ArtifactRequest request, Path file) throws InvalidResultException, IOException {
        String name = shown(request.file());
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class,
                    LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new InvalidResultException(name + " is no regular file and can't be uploaded");
            }
            long size = attributes.size();
            if (size == 0) {
                throw new InvalidResultException(name + " is empty: 0 bytes are no artifact");
            }
            if (size > maxFileBytes) {
                throw new InvalidResultException(name + " is too large to upload: " + size + " bytes, at most "
                        + maxFileBytes + " are taken");
            }
            String type = request.contentType() == null
                    ? ContentTypes.of(head(file), request.path())
                    : request.contentType();
            return new Artifact(request.path(), file, size, type);
        } catch (NoSuchFileException e) {
            throw new InvalidResultException("there is no file " + name + " to upload");
        } catch (IOException e) {
            throw new InvalidResultException(name + " can't be read: " + e.getClass().getSimpleName());
        }
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(ContentTypes.HEAD);
        }
    }

    private static <T> Mono<T> invalid(String message) {
        return Mono.error(() -> new InvalidResultException(message));
    }

    /** A name in one readable line, whatever a job put into it. */
    private static String shown(String name) {
        String plain = name.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= 120 ? plain : plain.substring(0, 120) + "…";
    }
}
