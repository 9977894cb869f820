package dev.coxswain.executors.flutter;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Refuses what this host can't build, saying what is missing: nobody else does (contract oore-ci 16, trap 4). */
final class Guard {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final FlutterConfig config;
    private final String path;
    private final boolean mac;
    private final Scheduler files;

    /**
     * @param mac whether this host runs macOS
     * @param files looks for tools
     */
    Guard(FlutterConfig config, Map<String, String> hostEnvironment, boolean mac, Scheduler files) {
        String told = hostEnvironment.get("PATH");
        this.config = config;
        this.path = told == null || told.isBlank() ? DEFAULT_PATH : told;
        this.mac = mac;
        this.files = files;
    }

    /** Completes when these platforms can be built here; else fails with the build's end. */
    Mono<Void> check(List<TargetPlatform> platforms) {
        return Mono.defer(() -> {
            platforms(platforms);
            return config.tools().isEmpty()
                    ? Mono.empty()
                    : Mono.<Void>fromRunnable(this::tools).subscribeOn(files);
        });
    }

    private void platforms(List<TargetPlatform> platforms) {
        List<TargetPlatform> foreign = platforms.stream().filter(each -> each.onlyOnMac() && !mac).toList();
        if (!foreign.isEmpty()) {
            throw BuildEnd.failed("this pool can't build " + TargetPlatform.words(foreign)
                    + ": that needs macOS, and its host runs another system");
        }
        List<TargetPlatform> missing = platforms.stream().filter(each -> !config.platforms().contains(each.word()))
                .toList();
        if (!missing.isEmpty()) {
            throw BuildEnd.failed("this pool can't build " + TargetPlatform.words(missing) + ": it is configured for "
                    + (config.platforms().isEmpty() ? "no platform" : String.join(", ", config.platforms())));
        }
    }

    private void tools() {
        List<String> missing = config.tools().stream().filter(tool -> !found(tool)).toList();
        if (!missing.isEmpty()) {
            throw BuildEnd.failed("this host lacks " + String.join(", ", missing)
                    + ", which its pool promises: not found in PATH");
        }
    }

    private boolean found(String tool) {
        Stream<String> places = tool.indexOf('/') >= 0
                ? Stream.of(tool)
                : Stream.of(path.split(":", -1))
                        .filter(folder -> folder.startsWith("/")).map(folder -> folder + "/" + tool);
        return places.anyMatch(Guard::executable);
    }

    private static boolean executable(String place) {
        try {
            Path file = Path.of(place);
            return Files.isRegularFile(file) && Files.isExecutable(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
