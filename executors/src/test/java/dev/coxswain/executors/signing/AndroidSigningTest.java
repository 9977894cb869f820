package dev.coxswain.executors.signing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.Workspace;
import dev.coxswain.executors.process.ProcessConfig;
import dev.coxswain.executors.process.ProcessExecutor;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The step as a whole, with the real executor and the real {@code jarsigner}. */
class AndroidSigningTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String OUTPUTS = "checkout/build/app/outputs/";
    private static final String AAB = OUTPUTS + "bundle/release/app-release.aab";
    private static final String APK = OUTPUTS + "flutter-apk/app-release.apk";
    private static final String STORE = "st0re-hush-hush";
    private static final String KEY = "k3y-hush-hush";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path keys;
    @SuppressWarnings("NullAway.Init")
    private static Keys.Made pkcs12;
    @SuppressWarnings("NullAway.Init")
    private static Keys.Made jks;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;
    private final Scheduler files = Schedulers.newBoundedElastic(2, 100, "test-files");
    private final Map<String, String> host = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
    @SuppressWarnings("NullAway.Init")
    private ProcessExecutor executor;
    @SuppressWarnings("NullAway.Init")
    private Workspace workspace;

    @BeforeAll
    static void make() throws Exception {
        pkcs12 = Keys.make(keys, "PKCS12", "Harbour", STORE, STORE);
        jks = Keys.make(keys, "JKS", "Quay", STORE, KEY);
    }

    @BeforeEach
    void open() {
        executor = new ProcessExecutor(new ProcessConfig(temporary.resolve("work"), 2), host, Schedulers.parallel());
        workspace = Objects.requireNonNull(executor.open("job-1").block(PATIENCE));
        host.put("JAVA_HOME", Keys.JAVA_HOME.toString());
    }

    @AfterEach
    void close() {
        workspace.close().block(PATIENCE);
        executor.close();
        files.dispose();
    }

    @Test
    void everyApkAndAabIsSignedWithTheJobsKeyAndVerified() throws Exception {
        write(AAB, Keys.zip("base/dex/classes.dex", "base/manifest/AndroidManifest.xml", "BundleConfig.pb"));
        write(APK, Keys.zip("resources.arsc", "AndroidManifest.xml"));
        write(OUTPUTS + "mapping.txt", new byte[]{1});

        List<String> lines = signed(pkcs12.release());

        assertThat(lines).containsExactly(
                "[oore-signing] build/app/outputs/bundle/release/app-release.aab is signed by jarsigner and verified",
                "[oore-signing] build/app/outputs/flutter-apk/app-release.apk is signed by jarsigner and verified; without "
                        + "apksigner that is the JAR signature only, which Android 11 and later refuse for apps that target "
                        + "them");
        assertSignedBy(pkcs12.certificate(), AAB);
        assertSignedBy(pkcs12.certificate(), APK);
        assertThat(Keys.tool("jarsigner", "-verify", workspace.pathOf(AAB))).contains("jar verified.");
        assertThat(method(AAB, "base/dex/classes.dex")).isEqualTo(ZipEntry.STORED);
        assertThat(method(AAB, "BundleConfig.pb")).isEqualTo(ZipEntry.DEFLATED);
        assertNothingLeft();
    }

    @Test
    void aJksKeystoreWithAPasswordOfItsOwnForTheKeyReplacesAnOldSignature() throws Exception {
        write(AAB, Keys.zip("base/lib/x.so", "BundleConfig.pb"));
        signed(pkcs12.release());
        assertSignedBy(pkcs12.certificate(), AAB);

        signed(jks.release());

        assertSignedBy(jks.certificate(), AAB);
        try (JarFile jar = new JarFile(workspace.pathOf(AAB))) {
            assertThat(jar.stream().map(JarEntry::getName).filter(name -> name.startsWith("META-INF/")))
                    .containsExactlyInAnyOrder("META-INF/MANIFEST.MF", "META-INF/CERT.SF", "META-INF/CERT.EC");
        }
    }

    @Test
    void trap9AWrongPasswordFailsTheStepWithoutTellingItAndLeavesTheFileUnsigned() throws Exception {
        byte[] unsigned = Keys.zip("base/lib/x.so", "BundleConfig.pb");
        write(AAB, unsigned);
        SigningProfile wrong = new SigningProfile(pkcs12.bytes().clone(), "wrong-pass", Keys.ALIAS, "wrong-key");

        List<String> lines = failed(new AndroidMaterial(Map.of(Variant.RELEASE, wrong)));

        assertThat(lines).singleElement().asString()
                .startsWith("[oore-signing] failed: build/app/outputs/bundle/release/app-release.aab: jarsigner failed "
                        + "(exit code 1): ")
                .contains("password was incorrect").doesNotContain("wrong-");
        assertThat(Files.readAllBytes(Path.of(workspace.pathOf(AAB)))).isEqualTo(unsigned);
        assertNothingLeft();
    }

    @Test
    void trap9WhatCannotBeSignedFailsTheStep() throws Exception {
        assertThat(failed(pkcs12.release())).containsExactly(
                "[oore-signing] failed: there is no APK and no AAB file below build/app/outputs");
        write(AAB, "no archive".getBytes(StandardCharsets.UTF_8));
        assertThat(failed(pkcs12.release())).singleElement().asString().contains("it is no ZIP file");
        assertThat(events(pkcs12.release(), Variant.DEBUG)).contains(new ExecutionEvent.StepEnded("android-sign", 1));
        AndroidMaterial closed = pkcs12.release();
        closed.close();
        assertThat(failed(closed)).containsExactly("[oore-signing] failed: there is no signing profile for release");
        assertNothingLeft();
    }

    @Test
    void withoutAProgramThatSignsTheStepTellsWhatWasLookedFor() throws Exception {
        write(APK, Keys.zip("resources.arsc"));
        host.put("JAVA_HOME", temporary.resolve("no-java").toString());
        host.put("ANDROID_SDK_ROOT", "sdk");

        assertThat(failed(pkcs12.release())).singleElement().asString().contains("app-release.apk: no program that can "
                + "sign it was found; looked for apksigner in ANDROID_HOME (not set), ANDROID_SDK_ROOT (no absolute path), ")
                .contains("jarsigner in " + temporary.resolve("no-java/bin") + " (JAVA_HOME), ")
                .endsWith("usr/bin");
    }

    @Test
    void theKeystoreIsPrivateOutsideOfTheCheckoutAndNoPasswordIsAnArgument() throws Exception {
        write(AAB, Keys.zip("base/lib/x.so"));
        Path seen = temporary.resolve("seen");
        script(temporary.resolve("java/bin/jarsigner"), "{ echo run; tr '\\0' '\\n' < /proc/$$/cmdline; "
                + "env | grep COX_SIGNING_; stat -c '%a %n' keystore .; pwd; } >> " + seen + "\nexec "
                + Keys.JAVA_HOME.resolve("bin/jarsigner") + " \"$@\"");
        host.put("JAVA_HOME", temporary.resolve("java").toString());

        signed(jks.release());

        String[] runs = Files.readString(seen).split("run\n");
        assertThat(runs[1].lines()).contains("COX_SIGNING_STORE_PASSWORD=" + STORE, "COX_SIGNING_KEY_PASSWORD=" + KEY,
                "600 keystore", "700 .").containsOnlyOnce("-storepass:env", "-keypass:env");
        assertThat(runs[1].lines().filter(line -> line.contains("hush-hush"))).hasSize(2);
        assertThat(runs[1].lines().toList().getLast())
                .matches(java.util.regex.Pattern.quote(workspace.pathOf("")) + "/signing-[0-9a-f-]+");
        assertThat(runs[2]).contains("-verify").doesNotContain("hush-hush");
        assertNothingLeft();
    }

    @Test
    void aCancelKillsTheSignerAndWipesTheKeystore() throws Exception {
        write(AAB, Keys.zip("base/lib/x.so"));
        Path up = temporary.resolve("up");
        script(temporary.resolve("java/bin/jarsigner"), "echo $$ > " + up + ".part; mv " + up + ".part " + up
                + "; sleep 300");
        host.put("JAVA_HOME", temporary.resolve("java").toString());

        Disposable signing = signing().sign(pkcs12.release(), Variant.RELEASE, workspace, "checkout")
                .subscribe(event -> {}, failure -> {});
        until(() -> Files.exists(up));
        assertThat(signingFolders()).hasSize(1);
        signing.dispose();

        until(() -> signingFolders().length == 0);
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(up).strip()))).isEmpty();
    }

    @Test
    void apksignerOfTheNewestBuildToolsSignsAnApkAfterItWasAligned() throws Exception {
        write(APK, "unaligned ".getBytes(StandardCharsets.UTF_8));
        Path sdk = temporary.resolve("sdk");
        for (String version : List.of("9.0.0", "34.0.0", "35.0.0-rc1", "35.0.0")) {
            script(sdk.resolve("build-tools/" + version + "/apksigner"),
                    "echo \"$@\" >> " + sdk.resolve("said-" + version)
                            + "; [ $1 = verify ] && exit 0; env | grep -E 'COX_SIGNING|JAVA_HOME' | sort >> "
                            + sdk.resolve("env-" + version) + "; for last; do :; done; printf signed >> \"$last\"");
            script(sdk.resolve("build-tools/" + version + "/zipalign"),
                    "echo \"$@\" >> " + sdk.resolve("aligned-" + version) + "; cp \"$5\" \"$6\"");
        }
        Files.createDirectories(sdk.resolve("build-tools/36.0.0")); // half removed
        host.put("ANDROID_HOME", sdk.toString());

        assertThat(signed(jks.release())).containsExactly(
                "[oore-signing] build/app/outputs/flutter-apk/app-release.apk is signed by apksigner and verified");

        assertThat(Files.readString(Path.of(workspace.pathOf(APK)))).isEqualTo("unaligned signed");
        List<String> said = Files.readAllLines(sdk.resolve("said-35.0.0"));
        String folder = workspace.pathOf("") + "/signing-\\S+";
        assertThat(said.get(0)).matches("sign --ks " + folder + "/keystore --ks-key-alias upload --ks-pass "
                + "env:COX_SIGNING_STORE_PASSWORD --key-pass env:COX_SIGNING_KEY_PASSWORD --out " + folder
                + "/app.apk " + folder + "/app.apk");
        assertThat(said.get(1)).matches("verify " + folder + "/app.apk");
        assertThat(Files.readAllLines(sdk.resolve("env-35.0.0"))).containsExactly("COX_SIGNING_KEY_PASSWORD=" + KEY,
                "COX_SIGNING_STORE_PASSWORD=" + STORE, "JAVA_HOME=" + Keys.JAVA_HOME);
        assertThat(Files.readString(sdk.resolve("aligned-35.0.0")))
                .matches("-f -P 16 4 " + workspace.pathOf(APK) + " " + folder + "/app.apk\n");
        assertThat(sdk.resolve("said-35.0.0-rc1")).doesNotExist();
        assertNothingLeft();
    }

    private AndroidSigning signing() {
        return new AndroidSigning(host, null, JsonMapper.builder().build(), files, temporary.resolve("system"),
                temporary);
    }

    private List<ExecutionEvent> events(AndroidMaterial material, Variant variant) {
        return Objects.requireNonNull(
                signing().sign(material, variant, workspace, "checkout").collectList().block(PATIENCE));
    }

    private List<String> signed(AndroidMaterial material) {
        return lines(events(material, Variant.RELEASE), 0);
    }

    private List<String> failed(AndroidMaterial material) {
        return lines(events(material, Variant.RELEASE), 1);
    }

    private static List<String> lines(List<ExecutionEvent> events, int exitCode) {
        List<String> lines = events.stream().filter(ExecutionEvent.Output.class::isInstance)
                .map(event -> new String(((ExecutionEvent.Output) event).bytes(), StandardCharsets.UTF_8)
                        .stripTrailing())
                .toList();
        assertThat(events.getFirst()).isEqualTo(new ExecutionEvent.StepStarted("android-sign",
                "sign the APK and AAB files below build/app/outputs (release)"));
        assertThat(events.getLast()).as(lines.toString()).isEqualTo(
                new ExecutionEvent.StepEnded("android-sign", exitCode));
        assertThat(events).hasSize(lines.size() + 2);
        return lines;
    }

    private void write(String path, byte[] content) {
        workspace.write(path, content).block(PATIENCE);
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private void assertSignedBy(Certificate certificate, String path) throws IOException {
        try (JarFile jar = new JarFile(workspace.pathOf(path))) {
            List<JarEntry> entries = jar.stream().filter(entry -> !entry.getName().startsWith("META-INF/")).toList();
            assertThat(entries).isNotEmpty();
            for (JarEntry entry : entries) {
                assertThat(jar.getInputStream(entry).readAllBytes())
                        .isEqualTo(entry.getName().getBytes(StandardCharsets.UTF_8));
                assertThat(entry.getCertificates()).as(entry.getName()).containsExactly(certificate);
            }
        }
    }

    private int method(String path, String entry) throws IOException {
        try (JarFile jar = new JarFile(workspace.pathOf(path))) {
            return jar.getJarEntry(entry).getMethod();
        }
    }

    private void assertNothingLeft() {
        assertThat(signingFolders()).isEmpty();
        assertThat(Objects.requireNonNull(temporary.toFile()
                .list((folder, name) -> name.startsWith("cox-signing-")))).isEmpty();
    }

    private String[] signingFolders() {
        return Arrays.stream(Objects.requireNonNull(Path.of(workspace.pathOf("")).toFile().list()))
                .filter(name -> name.startsWith("signing-")).toArray(String[]::new);
    }

    private static void until(java.util.function.BooleanSupplier holds) {
        Flux.interval(Duration.ofMillis(20)).onBackpressureDrop().publishOn(Schedulers.boundedElastic(), 1)
                .takeUntil(tick -> holds.getAsBoolean()).blockLast(PATIENCE);
    }
}
