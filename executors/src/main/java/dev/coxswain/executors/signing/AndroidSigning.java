package dev.coxswain.executors.signing;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.WorkspaceException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.json.JsonMapper;

/**
 * Signs the APK and AAB files of a job's build (contract oore-ci 8). One serves many jobs at once. An APK is signed by
 * {@code apksigner} where the host has one, everything else by {@code jarsigner}; the programs come from the host's own
 * folders and never from a repository's PATH.
 */
public final class AndroidSigning {
    private final ToolSearch search;
    private final @Nullable String programs;
    private final MaterialReader reader;
    private final Scheduler files;
    private final Path temporary;

    /**
     * @param hostEnvironment the supervisor's own: {@code ANDROID_HOME}, {@code ANDROID_SDK_ROOT}, {@code JAVA_HOME} and
     *        {@code PATH} count
     * @param androidHome where the Android SDK lies, instead of where the environment says; null for that
     * @param files may block; not disposed here
     */
    public AndroidSigning(Map<String, String> hostEnvironment, @Nullable String androidHome, JsonMapper mapper,
            Scheduler files) {
        this(hostEnvironment, androidHome, mapper, files, Path.of("/"),
                Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    /**
     * @param system where the fixed folders of the system are looked for
     * @param temporary where a file lies while its old signatures are removed
     */
    AndroidSigning(Map<String, String> hostEnvironment, @Nullable String androidHome, JsonMapper mapper,
            Scheduler files, Path system, Path temporary) {
        this.temporary = temporary;
        this.search = new ToolSearch(Map.copyOf(hostEnvironment), androidHome, system);
        this.programs = hostEnvironment.get("PATH");
        this.reader = new MaterialReader(mapper);
        this.files = files;
    }

    /**
     * Asks for the material of a job; whoever gets it closes it. Emits exactly one, without any profile when the job is not to
     * be signed. Errors of {@code access} come as they are; an answer that can't be used is a {@link WorkspaceException}.
     * Neither ever becomes a build without a signature. The bytes of the answer are overwritten. Cancelling is safe.
     */
    public Mono<AndroidMaterial> fetch(JobAccess access) {
        return access.signing(JobAccess.Platform.ANDROID).flatMap(this::read)
                .switchIfEmpty(Mono.fromSupplier(() -> new AndroidMaterial(Map.of())));
    }

    private Mono<AndroidMaterial> read(byte[] answer) {
        return Mono.defer(() -> {
            AtomicBoolean unwanted = new AtomicBoolean();
            return Mono.fromCallable(() -> {
                try {
                    AndroidMaterial material = reader.read(answer);
                    if (unwanted.get()) {
                        material.close();
                    }
                    return material;
                } finally {
                    Arrays.fill(answer, (byte) 0);
                }
            }).subscribeOn(files).doOnCancel(() -> {
                unwanted.set(true);
                Arrays.fill(answer, (byte) 0); // it may never be read
            });
        });
    }

    /**
     * The step {@code android-sign}: signs all APK and AAB files below {@code build/app/outputs} of the checkout, verifies each
     * and puts it in the place of the unsigned one. Cold. Emits its start, lines of its own that begin with
     * {@code [oore-signing] }, and its end, and completes; it ended badly, and the line before says why, when there is no such
     * file, no profile for the variant, no program that signs, or when one fails. Then the build must not go on: some files may
     * be signed and others not. An error is a failure of ours.
     * <p>
     * The keystore lies in the workspace, outside of the checkout, only as long as this runs, and is wiped in every end.
     * Cancelling kills what runs, and with it every other command of this workspace.
     *
     * @param material not closed here
     * @param checkoutFolder relative to the workspace
     */
    public Flux<ExecutionEvent> sign(AndroidMaterial material, Variant variant, Workspace workspace,
            String checkoutFolder) {
        return Flux.defer(() -> new SigningRun(material.profile(variant), variant, workspace, checkoutFolder, search,
                programs, temporary, files).events());
    }
}
