package dev.coxswain.executors.flutter;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.Command;
import dev.coxswain.executors.CommandEvent;
import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Job;
import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.executors.Workspace;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/** The order of work and its ends, where no process is needed to see them. */
class FlutterRulesTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String SHA = "a".repeat(40);

    private final ScriptedWorkspace workspace = new ScriptedWorkspace();
    private final RecordingSigner signer = new RecordingSigner(AndroidSigner.Variant.RELEASE);
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final AtomicLong nanos = new AtomicLong(-5);
    private Map<String, String> host = Map.of("PATH", "/nowhere");
    private List<String> platforms = List.of("android");
    private List<String> tools = List.of();
    private boolean mac;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @AfterEach
    void dispose() {
        timer.dispose();
    }

    private Flux<ExecutionEvent> events(Documents document, JobAccess access) {
        FlutterConfig config = new FlutterConfig(platforms, tools, Duration.ofMinutes(55), "/opt/sdk");
        return new FlutterWorkload(config, host, Documents.MAPPER, signer, Schedulers.boundedElastic(), timer, mac,
                nanos::get).run(new Job("key", "b-1", document.toString()).with(access), workspace);
    }

    private Story run(Documents document, JobAccess access) {
        return new Story(Objects.requireNonNull(events(document, access).collectList().block(SOON)));
    }

    private Story run(Documents document) {
        return run(document, JobAccess.NONE);
    }

    private static Documents document() {
        return new Documents("https://h.example/app.git").commit(SHA);
    }

    static JobAccess signing(Mono<byte[]> material) {
        return new JobAccess() {
            @Override
            public @Nullable SourceAccess sources() {
                return null;
            }

            @Override
            public Mono<byte[]> signing(Platform platform) {
                return material;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"build_id\":\"b\"}", "{\"config_snapshot\":{}}"})
    void aJobThatIsNoneEndsAtOnce(String document) {
        Story story = new Story(Objects.requireNonNull(new FlutterWorkload(
                new FlutterConfig(platforms, tools, Duration.ofMinutes(1), null), host, Documents.MAPPER, signer,
                Schedulers.boundedElastic(), timer).run(new Job("key", "b-1", document), workspace).collectList()
                .block(SOON)));

        assertThat(story.events()).hasSize(1);
        assertThat(story.failure()).isNotBlank();
    }

    @Test
    void aPoolRefusesPlatformsThatItIsNotConfiguredFor() {
        mac = true;
        platforms = List.of("ios", "macos");

        assertThat(run(document().platforms("ios", "android")).failure())
                .isEqualTo("this pool can't build android: it is configured for ios, macos");
        assertThat(workspace.commands).isEmpty();
    }

    @Test
    void aPoolWhoseToolsAreNotThereRefusesAndNamesThem() throws Exception {
        Files.writeString(folder.resolve("flutter"), "not executable");
        assertThat(Files.writeString(folder.resolve("fvm"), "x").toFile().setExecutable(true)).isTrue();
        host = Map.of("PATH", "relative:" + folder);
        tools = List.of("fvm", "flutter", "/no/such/tool", folder + "/fvm");

        Story story = run(document());

        assertThat(story.events()).hasSize(1);
        assertThat(story.failure())
                .isEqualTo("this host lacks flutter, /no/such/tool, which its pool promises: not found in PATH");
    }

    @Test
    void whatAFileAsksForIsGuardedAsWellAndBeforeAnythingIsSigned() {
        workspace.file(".oore.yaml", "version: 1\nplatforms: [android, macos]\n");

        Story story = run(document());

        assertThat(story.steps()).containsExactly("checkout");
        assertThat(story.failure()).startsWith("this pool can't build macos: that needs macOS");
        assertThat(signer.calls).isEmpty();
        assertThat(workspace.scripts()).isEmpty();
    }

    @Test
    void theSelectionOfARunIsWhatIsGuarded() {
        assertThat(run(document().platforms("android", "ios").selected("android")).ends()).contains("build-1 0");
    }

    @Test
    void aBuildToBeSignedForIosIsRefusedBeforeTheCheckoutAndWithoutABundleIsBuilt() {
        mac = true;
        platforms = List.of("ios");
        byte[] material = "{\"bundle\":{\"p12_base64\":\"x\"}}".getBytes(StandardCharsets.UTF_8);

        Story refused = run(document().platforms("ios"), signing(Mono.just(material)));

        assertThat(refused.events()).hasSize(1);
        assertThat(refused.failure()).contains("signed for iOS");
        assertThat(material).containsOnly(0);
        assertThat(run(document().platforms("ios"), signing(Mono.just("{}".getBytes(StandardCharsets.UTF_8)))).ends())
                .contains("build-1 0");
    }

    @Test
    void withoutAProfileForTheVariantTheAppStaysUnsigned() {
        Story story = run(document().platformCommand("android", "flutter build apk --debug"));

        assertThat(story.ends()).contains("build-1 0").doesNotContain("android-sign 0");
        assertThat(signer.calls).containsExactly("fetch", "close");
    }

    @Test
    void withoutAnAppNobodyAsksForKeys() {
        assertThat(run(document().platformCommand("android", "make")).ends()).contains("build-1 0");
        assertThat(signer.calls).isEmpty();
    }

    @Test
    void aSignatureThatFailsEndsTheBuildAndTheKeysAreGivenBack() {
        signer.exitCode = 2;

        Story story = run(document().commands("build", "never"));

        assertThat(story.failure()).isEqualTo("android-sign failed with exit code 2");
        assertThat(story.steps()).last().isEqualTo("android-sign");
        assertThat(signer.calls).containsExactly("fetch", "sign RELEASE checkout", "close");
    }

    @Test
    void anErrorOfTheControlPlaneIsPassedOnAsItIs() {
        IllegalArgumentException lost = new IllegalArgumentException("not yours any more");

        StepVerifier.create(events(document(), signing(Mono.error(lost))).ofType(ExecutionEvent.Ended.class))
                .expectErrorSatisfies(e -> assertThat(e).isSameAs(lost)).verify(SOON);
    }

    @Test
    void theKeysAreGivenBackWhenTheBuildIsCancelled() {
        TestPublisher<CommandEvent> command = TestPublisher.create();
        workspace.programs.put("fvm flutter build apk --release", each -> command.flux());

        StepVerifier.create(events(document(), JobAccess.NONE)).thenConsumeWhile(
                event -> !(event instanceof ExecutionEvent.StepStarted start && start.name().equals("build-1")))
                .expectNextCount(2).thenCancel().verify(SOON);

        assertThat(signer.calls).containsExactly("fetch", "close");
    }

    @Test
    void cancellingCancelsTheCommandThatRuns() {
        AtomicBoolean cancelled = new AtomicBoolean();
        CommandEvent output = new CommandEvent.Output(CommandEvent.Stream.STDOUT, new byte[]{1});
        workspace.programs.put("fvm flutter build apk --release",
                each -> Flux.concat(Flux.just(output), Flux.<CommandEvent>never())
                        .doOnCancel(() -> cancelled.set(true)));

        StepVerifier.create(events(document(), JobAccess.NONE)).thenConsumeWhile(
                event -> !(event instanceof ExecutionEvent.StepStarted start && start.name().equals("build-1")))
                .expectNextCount(4).thenCancel().verify(SOON);

        assertThat(cancelled).isTrue();
    }

    @Test
    void everyCommandGetsWhatIsLeftOfTheBuildsTime() {
        workspace.programs.put("fvm flutter pub get", each -> {
            nanos.addAndGet(Duration.ofMinutes(50).toNanos());
            return ScriptedWorkspace.WELL;
        });

        run(document());

        assertThat(workspace.commands.stream().map(Command::timeout)).contains(Duration.ofMinutes(55)).last()
                .isEqualTo(Duration.ofMinutes(5));
        assertThat(workspace.commands).allMatch(command -> command.grace().equals(Command.DEFAULT_GRACE));
    }

    @Test
    void noCommandBeginsWhenTheTimeIsOver() {
        workspace.programs.put("fvm flutter pub get", each -> {
            nanos.addAndGet(Duration.ofMinutes(55).toNanos());
            return ScriptedWorkspace.WELL;
        });

        assertThat(run(document()).result())
                .isEqualTo(new JobResult.TimedOut("the build did not end within 55m: it was stopped in build-1"));
        assertThat(workspace.scripts()).last().isEqualTo("fvm flutter pub get");
    }

    @Test
    void aControlPlaneThatNeverAnswersIsWaitedForNoLongerThanTheBuildMayTake() {
        StepVerifier.create(events(document(), signing(Mono.never())).ofType(ExecutionEvent.Ended.class))
                .then(() -> timer.advanceTimeBy(Duration.ofMinutes(55).minusMillis(1)))
                .expectNoEvent(Duration.ofMillis(20)).then(() -> timer.advanceTimeBy(Duration.ofMillis(1)))
                .expectNext(new ExecutionEvent.Ended(new JobResult.TimedOut(
                        "the build did not end within 55m: it was stopped in signing")))
                .expectComplete().verify(SOON);
    }

    @Test
    void noCommandIsAskedForOutputThatNobodyWants() {
        TestPublisher<CommandEvent> command = TestPublisher.create();
        workspace.programs.put("make", each -> command.flux());
        Documents document = document().platformCommand("android", "make");

        StepVerifier.create(events(document, JobAccess.NONE).skipUntil(
                event -> event instanceof ExecutionEvent.StepStarted start && start.name().equals("build-1")), 0)
                .thenRequest(3).expectNextCount(3).thenRequest(1).then(() -> command.next(new CommandEvent.Started(1)))
                .then(() -> command.next(new CommandEvent.Output(CommandEvent.Stream.STDOUT, new byte[]{1})))
                .expectNextCount(1).then(() -> command.assertMaxRequested(1)).thenCancel().verify(SOON);
    }

    @Test
    void theLogShowsTheCommandAndTwentyVariablesAndNoSecret() {
        Documents document = document().platformCommand("android", "echo one\necho two").env(Map.of("API_TOKEN",
                "t0psecret"));
        IntStream.range(0, 30).forEach(
                i -> ((tools.jackson.databind.node.ArrayNode) document.page.get("env")).addObject().put("key", "V" + i)
                        .put("value", "v\n" + i));

        Story story = run(document);

        assertThat(story.stdout()).contains("$ echo one echo two\n# env: PROJECT_ID=p-1 ", " API_TOKEN=*** V0=v 0 ")
                .doesNotContain("t0psecret", "V29=");
        assertThat(story.stdout().lines().filter(line -> line.startsWith("# env: ")).findFirst().orElseThrow()
                .split(" [A-Z0-9_]+=", -1)).hasSize(21);
    }

    @Test
    void secretsAreInNoArgumentAndInNoText() {
        Documents document = document().env(Map.of("API_TOKEN", "t0psecret"));

        run(document);

        assertThat(workspace.commands).isNotEmpty()
                .noneMatch(command -> String.join(" ", command.argv()).contains("t0psecret"));
        assertThat(BuildJob.read(Documents.MAPPER, document.toString(), null).toString()).isEqualTo("BuildJob[b-1]");
    }

    @Test
    void theVariablesFileHoldsOneLineForEachVariable() {
        assertThat(new String(DotEnv.write(new java.util.TreeMap<>(Map.of("A", "1 #x", "B", "two\nlines=2"))),
                StandardCharsets.UTF_8)).isEqualTo("A=1 #x\n# B has several lines: only commands see it\n");
    }

    private static Stream<Workspace.Entry> many(int files) {
        return IntStream.range(0, files).mapToObj(i -> new Workspace.Entry("checkout/out/" + i + ".txt", false, 1));
    }

    @Test
    void aThousandArtifactsAreTheMost() {
        workspace.listed.addAll(many(ArtifactSearch.MOST).toList());

        assertThat(run(document().patterns("*.txt")).document()).contains("out/999.txt");
        workspace.listed.addAll(many(ArtifactSearch.MOST).toList());
        assertThat(run(document().patterns("*.txt")).failure())
                .isEqualTo("more than 1000 files match the artifact patterns");
    }

    @Test
    void bundlesOfMacosAreArchivedThereAndIgnoredElsewhere() {
        workspace.listed.addAll(List.of(new Workspace.Entry("checkout/b", true, 0),
                new Workspace.Entry("checkout/b/My.app", true, 0),
                new Workspace.Entry("checkout/b/My.app/Contents.app", false, 9),
                new Workspace.Entry("checkout/b/other.app", false, 3)));
        Documents document = document().patterns("*.app", "b/*.app");

        assertThat(run(document).document()).contains("Contents.app").doesNotContain("My.app.zip");
        mac = true;
        assertThat(run(document).document())
                .isEqualTo("{\"artifacts\":[{\"file\":\"b/My.app.zip\"},{\"file\":\"b/other.app\"}]}");
        assertThat(workspace.commands.getLast().argv()).containsExactly("/usr/bin/ditto", "-c", "-k",
                "--sequesterRsrc", "--keepParent", "/ws/checkout/b/My.app", "/ws/checkout/b/My.app.zip");
    }

    @Test
    void anExplicitFileIsTheOnlyOneAndItsPathStaysInTheRepository() {
        workspace.file(".oore.yaml", "version: 1\nplatforms: [android]\ncommands: {build: [usual]}\n")
                .file("ci/a.yaml", "version: 1\nplatforms: [android]\ncommands: {build: [special]}\nartifacts: {}\n");

        run(document().explicit("ci/a.yaml"));
        assertThat(workspace.scripts()).containsExactly("special");
        run(document().explicit("ci/none.yaml"));
        assertThat(workspace.scripts()).contains("fvm flutter build apk --release").doesNotContain("usual");
        assertThat(run(document().explicit("../a.yaml")).failure()).startsWith("config_path is no path within");
    }

    @Test
    void aFileThatIsTooLongOrNoTextEndsTheBuild() {
        workspace.file(".oore.yml", "#".repeat(300_000));
        assertThat(run(document()).failure()).startsWith(".oore.yml can't be used: ").contains("longer than");
        workspace.files.put("checkout/.oore.yml", new byte[]{(byte) 0xFF});
        assertThat(run(document()).failure()).isEqualTo(".oore.yml can't be used: it is not UTF-8");
    }
}
