package dev.coxswain.executors.signing;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One step {@code android-sign}: looks for the files, and signs one after another beside a keystore that lies outside of the
 * checkout for that time and is wiped in every end.
 *
 * @param profile null when there is none for the variant
 * @param programs PATH of the supervisor; null when it has none
 * @param temporary where a file lies while its old signatures are removed
 */
record SigningRun(@Nullable SigningProfile profile, Variant variant, Workspace workspace, String checkout,
        ToolSearch search, @Nullable String programs, Path temporary, Scheduler files) {
    static final String STEP = "android-sign";
    static final String KEYSTORE = "keystore";
    private static final String OUTPUTS = "build/app/outputs";
    private static final String MARK = "[oore-signing] ";
    private static final String USUAL = "/usr/local/bin:/usr/bin:/bin";
    private static final int MOST_FILES = 500;
    private static final int MOST_NAME = 200;

    Flux<ExecutionEvent> events() {
        return Flux.<ExecutionEvent>just(new ExecutionEvent.StepStarted(STEP,
                "sign the APK and AAB files below " + OUTPUTS + " (" + variant.wire() + ")"))
                .concatWith(lines().map(line -> line(CommandEvent.Stream.STDOUT, line)))
                .concatWith(Flux.just(new ExecutionEvent.StepEnded(STEP, 0)))
                .onErrorResume(WorkspaceException.class,
                        failure -> Flux.just(line(CommandEvent.Stream.STDERR, "failed: " + failure.getMessage()),
                                new ExecutionEvent.StepEnded(STEP, 1)));
    }

    private static ExecutionEvent line(CommandEvent.Stream stream, String text) {
        return new ExecutionEvent.Output(stream, (MARK + text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private Flux<String> lines() {
        SigningProfile with = profile;
        if (with == null) {
            return Flux.error(new WorkspaceException("there is no signing profile for " + variant.wire()));
        }
        return Mono.zip(found(), Mono.fromCallable(search::find).subscribeOn(files))
                .flatMapMany(both -> signed(with, both.getT1(), both.getT2()));
    }

    private Mono<List<String>> found() {
        String outputs = checkout.isEmpty() ? OUTPUTS : checkout + "/" + OUTPUTS;
        return workspace.list(outputs).filter(entry -> !entry.isFolder()).map(Workspace.Entry::path)
                .filter(path -> isApk(path) || path.toLowerCase(Locale.ROOT).endsWith(".aab")).take(MOST_FILES + 1L)
                .collectList().doOnNext(paths -> {
                    if (paths.isEmpty()) {
                        throw new WorkspaceException("there is no APK and no AAB file below " + OUTPUTS);
                    }
                    if (paths.size() > MOST_FILES) {
                        throw new WorkspaceException(
                                "there are more than " + MOST_FILES + " APK and AAB files below " + OUTPUTS);
                    }
                });
    }

    private static boolean isApk(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".apk");
    }

    private Flux<String> signed(SigningProfile with, List<String> paths, SigningTools tools) {
        return Flux.usingWhen(Mono.fromSupplier(() -> new Place(workspace, with)),
                place -> place.written().thenMany(Flux.defer(() -> {
                    SignerCalls calls = new SignerCalls(workspace, place.folder(), with, environment(tools));
                    return Flux.fromIterable(paths).concatMap(path -> signed(path, tools, calls), 1);
                })), Place::wiped, (place, failure) -> place.wiped(),
                // what still runs would write into the folder that is being removed
                place -> workspace.stop(Workspace.Stop.KILL).onErrorComplete().then(place.wiped()));
    }

    /**
     * Where the keystore lies for the time of signing.
     *
     * @param written cached, so that a cancel does not cut it off: it could come to its end behind the wiping
     */
    private record Place(Workspace workspace, String folder, Mono<Void> written) {
        Place(Workspace workspace, SigningProfile with) {
            this(workspace, "signing-" + UUID.randomUUID(), with);
        }

        private Place(Workspace workspace, String folder, SigningProfile with) {
            this(workspace, folder, workspace.write(folder + "/" + KEYSTORE, with.keystore()).cache());
        }

        Mono<Void> wiped() {
            return written.onErrorComplete().then(Mono.defer(() -> workspace.wipe(folder)));
        }
    }

    private Mono<String> signed(String path, SigningTools tools, SignerCalls calls) {
        return Mono.defer(() -> {
            Signer signer = signer(path, tools, calls);
            String copy = calls.folder() + (isApk(path) ? "/app.apk" : "/app.aab");
            return signer.sign(path, copy).then(Mono.defer(() -> workspace.localFile(copy)))
                    .switchIfEmpty(Mono.error(() -> new WorkspaceException(signer.name() + " left no file")))
                    .flatMap(local -> workspace.place(path, local))
                    .thenReturn(shown(path) + " is signed by " + signer.name() + " and verified"
                            + (isApk(path) && signer instanceof JarSigner
                                    ? "; without apksigner that is the JAR signature only, which Android 11 and later refuse "
                                            + "for apps that target them"
                                    : ""));
        }).onErrorMap(WorkspaceException.class, e -> new WorkspaceException(shown(path) + ": " + e.getMessage(), e));
    }

    private Signer signer(String path, SigningTools tools, SignerCalls calls) {
        if (isApk(path) && tools.apks() != null) {
            return new ApkSigner(tools.apks(), calls);
        }
        if (tools.jars() == null) {
            throw new WorkspaceException("no program that can sign it was found; looked for " + tools.lookedFor());
        }
        return new JarSigner(tools.jars().toString(), calls, temporary, files);
    }

    /** {@code apksigner} is a script that takes the Java it finds. */
    private Map<String, String> environment(SigningTools tools) {
        Map<String, String> environment = new HashMap<>();
        if (tools.javaHome() != null) {
            environment.put("JAVA_HOME", tools.javaHome().toString());
            environment.put("PATH", tools.javaHome().resolve("bin") + ":" + (programs == null ? USUAL : programs));
        }
        return environment;
    }

    private String shown(String path) {
        String below = checkout.isEmpty() || !path.startsWith(checkout + "/")
                ? path
                : path.substring(checkout.length() + 1);
        String safe = below.replaceAll("\\p{Cntrl}", "?");
        return safe.length() <= MOST_NAME ? safe : "…" + safe.substring(safe.length() - MOST_NAME);
    }

    /** Hides what it signs with. */
    @Override
    public String toString() {
        return "SigningRun[" + variant + "]";
    }
}
