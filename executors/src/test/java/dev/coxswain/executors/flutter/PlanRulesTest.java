package dev.coxswain.executors.flutter;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** How settings become commands: contract oore-ci 11 and 12, rule by rule. */
class PlanRulesTest {
    static Plan file(String yaml, @Nullable List<TargetPlatform> selected, @Nullable String pinned) {
        return PlanRules.plan(PlanFiles.fromFile(".oore.yaml", yaml), selected, pinned);
    }

    static Plan file(String yaml) {
        return file(yaml, null, null);
    }

    static Plan page(String json, @Nullable List<TargetPlatform> selected, @Nullable String pinned) {
        return PlanRules.plan(new PlanSource.FromUi(SettingsReader.ofPage(Documents.MAPPER.readTree(json))), selected,
                pinned);
    }

    private static List<String> patterns(Plan plan) {
        return plan.artifacts().stream().map(ArtifactPattern::toString).toList();
    }

    @Test
    void aPageThatSaysNothingBuildsAnApkWithTheStableVersion() {
        Plan plan = page("{}", null, null);

        assertThat(plan.platforms()).containsExactly(TargetPlatform.ANDROID);
        assertThat(plan.stages()).isEqualTo(new BuildSettings.Stages(
                List.of("fvm use stable --force --skip-pub-get", "fvm flutter pub get"),
                List.of("fvm flutter build apk --release"), List.of()));
        assertThat(patterns(plan)).containsExactly("build/app/outputs/flutter-apk/*.apk");
    }

    @Test
    void eachPlatformHasItsCommandItsArgumentsOrItsOwnCommandAndPlainOnesFollow() {
        Plan plan = file("""
                version: 1
                platforms: [macos, android, ios]
                flutter_version: 3.10
                commands: {pre_build: [./prepare], post_build: [dart run after]}
                platform_build_args: {android: [--flavor, dev], ios: [--unused]}
                platform_commands: {ios: flutter build ipa}
                """);

        assertThat(plan.stages()).isEqualTo(new BuildSettings.Stages(
                List.of("fvm use 3.10 --force --skip-pub-get", "fvm flutter pub get", "./prepare"),
                List.of("fvm flutter build macos --release", "fvm flutter build apk --release --flavor dev",
                        "fvm flutter build ipa"),
                List.of("fvm dart run after")));
        assertThat(patterns(plan)).containsExactly("build/app/outputs/flutter-apk/*.apk",
                "build/app/outputs/bundle/**/*.aab", "build/ios/ipa/*.ipa", "build/macos/Build/Products/Release/*.app");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"3.1.0, 2.0.0, 3.1.0", "-, 2.0.0, 2.0.0", "-, -, stable", "beta, -, beta"})
    void thePinnedVersionWinsThenTheSettingsThenStable(@Nullable String pinned, @Nullable String told, String used) {
        String json = told == null ? "{}" : "{\"flutter_version\":\"" + told + "\"}";

        assertThat(page(json, null, pinned).stages().preBuild()).first()
                .isEqualTo("fvm use " + used + " --force --skip-pub-get");
    }

    @Test
    void withoutACommandOfTheSdkNoVersionIsFetched() {
        Plan plan = file("version: 1\nplatforms: [android]\ncommands: {build: [make apk, echo flutter]}\n", null,
                "3.1.0");

        assertThat(plan.stages())
                .isEqualTo(new BuildSettings.Stages(List.of(), List.of("make apk", "echo flutter"), List.of()));
    }

    @ParameterizedTest
    @CsvSource({"flutter test, fvm flutter test", "'  dart fix', fvm dart fix", "fvm flutter test, fvm flutter test",
            "flutterfire x, flutterfire x", "./flutter x, ./flutter x", "dart, fvm dart"})
    void onlyCommandsThatBeginWithTheSdkGoThroughFvm(String command, String run) {
        assertThat(FlutterCommand.throughFvm(command)).isEqualTo(run);
    }

    @ParameterizedTest
    @CsvSource({"flutter build apk, flutter build apk --dart-define-from-file=.env",
            "fvm flutter build ipa --x, fvm flutter build ipa --x --dart-define-from-file=.env",
            "flutter build apk --dart-define-from-file=x, flutter build apk --dart-define-from-file=x",
            "flutter build apk && ls, flutter build apk --dart-define-from-file=.env && ls",
            "flutter test, flutter test",
            "echo flutter build apk, echo flutter build apk"})
    void onlyBuildsGetTheVariablesFile(String command, String run) {
        assertThat(FlutterCommand.withDartDefines(command)).isEqualTo(run);
    }

    @Test
    void thePlansVariablesReachTheBuildStageOnly() {
        Plan plan = file("version: 1\nplatforms: [android]\nenv: [{key: A, value: 1}]\n"
                + "commands: {pre_build: [flutter build bundle], build: [flutter build apk], "
                + "post_build: [flutter build web]}\n");

        assertThat(plan.environment()).containsExactly(Map.entry("A", "1"));
        assertThat(plan.stages().preBuild()).last().isEqualTo("fvm flutter build bundle");
        assertThat(plan.stages().build()).containsExactly("fvm flutter build apk --dart-define-from-file=.env");
        assertThat(plan.stages().postBuild()).containsExactly("fvm flutter build web");
    }

    @ParameterizedTest
    @CsvSource({"echo $($HOME)/x, echo $HOME/x", "a $($A) $($B_1), a $A $B_1", "$(date) $(cat $A), $(date) $(cat $A)"})
    void theOldFormOfVariablesIsRewritten(String written, String run) {
        assertThat(page("{\"commands\":{\"post_build\":[\"" + written + "\"]}}", null, null).stages().postBuild())
                .containsExactly(run);
    }

    @Test
    void aRunMaySelectSomeOfThePlatforms() {
        Plan plan = page("{\"platforms\":[\"android\",\"ios\"]}", List.of(TargetPlatform.IOS), null);

        assertThat(plan.platforms()).containsExactly(TargetPlatform.IOS);
        assertThat(plan.stages().build()).containsExactly("fvm flutter build ios --release --no-codesign");
        assertThat(page("{\"platforms\":[\"android\"],\"commands\":{\"build\":[\"x\"]}}",
                List.of(TargetPlatform.ANDROID), null).stages().build()).contains("x");
    }

    static Stream<Arguments> selections() {
        return Stream.of(arguments("{}", List.of(), "empty"),
                arguments("{}", List.of(TargetPlatform.ANDROID, TargetPlatform.ANDROID), "twice"),
                arguments("{}", List.of(TargetPlatform.IOS), "it has android"),
                arguments("{\"platforms\":[\"android\",\"ios\"],\"commands\":{\"build\":[\"x\"]}}",
                        List.of(TargetPlatform.ANDROID), "commands.build is shared"));
    }

    @ParameterizedTest
    @MethodSource("selections")
    void aSelectionThatContradictsTheSettingsEndsTheBuild(String json, List<TargetPlatform> selected, String told) {
        assertThatThrownBy(() -> page(json, selected, null)).isInstanceOf(BuildEnd.class)
                .hasMessageStartingWith("selected_platforms").hasMessageContaining(told);
    }

    static Stream<Arguments> brokenFiles() {
        String head = "version: 1\nplatforms: [android]\n";
        return Stream.of(arguments("", "must be a mapping"), arguments("[]", "must be a mapping"),
                arguments("platforms: [android]", "version must be 1"),
                arguments("version: 2\nplatforms: [android]", "version must be 1"),
                arguments("version: 1", "platforms is missing; it must name at least one of android, ios, macos"),
                arguments("version: 1\nplatforms: []", "platforms must name at least one"),
                arguments("version: 1\nplatforms: [windows]", "platforms[0] must be one of android, ios, macos"),
                arguments("version: 1\nplatforms: android", "platforms must be a list"),
                arguments(head + "steps: []", "steps is not a key that is known here; allowed are version, platforms"),
                arguments(head + "commands: {prebuild: [x]}",
                        "commands.prebuild is not a key that is known here; allowed are pre_build, build, post_build"),
                arguments(head + "commands: {build: ['']}", "commands.build[0] must not be empty"),
                arguments(head + "commands: {build: [[x]]}", "commands.build[0] must be a text"),
                arguments(head + "commands: {build: x}", "commands.build must be a list"),
                arguments(head + "platform_build_args: {web: []}", "platform_build_args.web is not a key"),
                arguments(head + "platform_commands: {android: [x]}", "platform_commands.android must be a text"),
                arguments(head + "artifact_patterns: ['*']", "artifact_patterns is not a key"),
                arguments(head + "artifacts: {patterns: [app.apk]}", "artifacts.patterns[0] must contain * or ?"),
                arguments(head + "artifacts: {globs: []}", "artifacts.globs is not a key"),
                arguments(head + "env: {A: b}", "env must be a list"),
                arguments(head + "env: [{key: 1A, value: x}]", "env[0].key must be letters"),
                arguments(head + "env: [{key: A}]", "env[0].value is missing"),
                arguments(head + "env: [{key: A, value: x, secret: y}]", "env[0].secret is not a key"),
                arguments(head + "env: [{key: A, value: x}, {key: A, value: y}]", "names A a second time"),
                arguments(head + "flutter_version: a b", "flutter_version is no name of a Flutter version"),
                arguments(head + "platforms: [ios]", "line 3, has the key platforms a second time"),
                arguments(head + "commands: !!map {}", "has a tag"), arguments(head + "x: *y", "has an alias"),
                arguments(head + "x: &y [*y]", "has an alias"), arguments(head + "---\nversion: 1", "second document"),
                arguments(head + "x: " + "[".repeat(200_000), "nested deeper than 16 levels"),
                arguments(head + "x: [", "is not YAML"), arguments("a: b: c", "is not YAML"),
                arguments("a: \u0001", "is not YAML"));
    }

    @ParameterizedTest
    @MethodSource("brokenFiles")
    void aFileThatIsNotValidEndsTheBuildWithItsNameTheKeyAndWhatIsAllowed(String yaml, String told) {
        assertThatThrownBy(() -> file(yaml)).isInstanceOf(BuildEnd.class).hasMessageStartingWith(".oore.yaml")
                .hasMessageContaining(told);
    }

    @Property(tries = 200)
    void whateverAFileSaysItIsAPlanOrTheBuildsEnd(@ForAll("texts") String yaml) {
        try {
            assertThat(file("version: 1\nplatforms: [android]\n" + yaml).platforms()).isNotEmpty();
        } catch (BuildEnd e) {
            assertThat(e).hasMessageStartingWith(".oore.yaml");
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("commands:", " build:", " - x", "\n", "env: ", "[", "]", "{", "}", "&a ", "*a", "\t",
                ": ",
                "- key: A", "\n  value: ", "'", "\"", "|\n", "? ", "<<: ", "~", "artifacts:", "patterns: ['*']", "#",
                "\u0000", "\uD83D").list().ofMaxSize(12).map(parts -> String.join("", parts));
    }

    @Test
    void anAnchorMayBeUsedAgain() {
        Plan plan = file("version: 1\nplatforms: &p [android]\ncommands: {build: &b [x, y], post_build: *b}\n");

        assertThat(plan.stages().postBuild()).containsExactly("x", "y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.24.0", " 3.24.0\n", "\"3.24.0\"", "{\"flutter\":\"3.24.0\"}"})
    void theRepositoryPinsAVersionInAnyOfThreeForms(String content) {
        assertThat(FlutterVersion.pinned(Documents.MAPPER, content)).isEqualTo("3.24.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "{}", "{\"flutter\":null}", "{\"flavors\":{\"dev\":\"beta\"}}", "\"\""})
    void aFileThatPinsNothingIsNone(String content) {
        assertThat(FlutterVersion.pinned(Documents.MAPPER, content)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"flutter\":3}", "{\"flutter\"", "3.24; rm -rf /", "$(id)", "-x", "{\"flutter\":\"a b\"}",
            "two\nlines"})
    void aFileThatPinsNoVersionEndsTheBuild(String content) {
        assertThatThrownBy(() -> FlutterVersion.pinned(Documents.MAPPER, content)).isInstanceOf(BuildEnd.class)
                .hasMessageStartingWith(".fvmrc");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"flutter build apk, RELEASE", "fvm flutter build appbundle --x, RELEASE",
            "flutter build apk --x --debug, DEBUG", "flutter build apk --debug-info, RELEASE", "flutter build ipa, -",
            "echo flutter build apk, -", "flutter build apks, -"})
    void theVariantOfAnAppIsInItsCommand(String command, AndroidSigner.@Nullable Variant variant) {
        assertThat(FlutterCommand.androidVariant(command)).isEqualTo(variant);
    }

    @Test
    void oneBuildSignsOneVariant() {
        assertThat(FlutterCommand.androidVariant(List.of("ls", "flutter build apk", "flutter build appbundle")))
                .isEqualTo(AndroidSigner.Variant.RELEASE);
        assertThatThrownBy(
                () -> FlutterCommand.androidVariant(List.of("flutter build apk", "flutter build apk --debug")))
                .isInstanceOf(BuildEnd.class).hasMessageContaining("debug and release");
    }
}
