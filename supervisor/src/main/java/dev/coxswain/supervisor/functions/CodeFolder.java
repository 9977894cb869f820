package dev.coxswain.supervisor.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.function.FunctionCode;
import dev.coxswain.executors.function.FunctionCodeException;
import dev.coxswain.executors.function.Language;
import dev.coxswain.supervisor.functions.CoderunnerException.Kind;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A folder of code on this host. */
public final class CodeFolder {
    private final Path folder;

    public CodeFolder(Path folder) {
        this.folder = folder;
    }

    /** The name of a definition when none is given: the folder's. */
    public String name() {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /**
     * What it is written in: as told, else the one language that finds its entry point there. Blocks.
     *
     * @throws CoderunnerException when it is none, or more than one
     */
    public Language language(@Nullable Language told) {
        List<Language> possible = new ArrayList<>();
        List<String> why = new ArrayList<>();
        for (Language each : told == null ? List.of(Language.values()) : List.of(told)) {
            try {
                FunctionCode.find(folder, each);
                possible.add(each);
            } catch (FunctionCodeException e) {
                why.add(e.getMessage());
            }
        }
        if (possible.size() == 1) {
            return possible.getFirst();
        }
        throw new CoderunnerException(Kind.USAGE, folder + ": " + (possible.isEmpty()
                ? String.join("; ", why)
                : "it could be "
                        + String.join(" or ",
                                possible.stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList())
                        + "; say which with --language"));
    }

    /** Lends the ZIP of the folder, without the file {@code except}; it is gone afterwards. Cancelling is safe. */
    public <T> Mono<T> packed(Path except, Function<Path, Mono<T>> use) {
        return Mono.usingWhen(Mono.fromCallable(() -> pack(except)).subscribeOn(Schedulers.boundedElastic()), use,
                zip -> Mono.fromCallable(() -> Files.deleteIfExists(zip)).subscribeOn(Schedulers.boundedElastic()));
    }

    private Path pack(Path except) {
        try {
            Path zip = Files.createTempFile("cox-code-", ".zip");
            try {
                CodeZip.write(folder, except, zip);
                return zip;
            } catch (RuntimeException e) {
                Files.deleteIfExists(zip);
                throw e;
            }
        } catch (IOException e) {
            throw new CoderunnerException(Kind.USAGE,
                    "no temporary file can be made (" + e.getClass().getSimpleName() + ")", 0, e);
        }
    }
}
