package dev.coxswain.executors.signing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.JobAccess;
import dev.coxswain.executors.SourceAccess;
import dev.coxswain.executors.WorkspaceException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a control plane tells of signing is read strictly, and forgotten (contract oore-ci 8). */
class MaterialReaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SECRETS = "hush";
    private final Scheduler files = Schedulers.newBoundedElastic(1, 10, "test-files");
    private final JsonMapper mapper = JsonMapper.builder().build();
    private final MaterialReader reader = new MaterialReader(mapper);

    @AfterEach
    void close() {
        files.dispose();
    }

    private static String profile(String type) {
        return "{\"build_type\":\"" + type
                + "\",\"enabled\":true,\"keystore_filename\":\"../up.jks\",\"keystore_base64\":\""
                + Base64.getEncoder().encodeToString("hush-store".getBytes(StandardCharsets.UTF_8))
                + "\",\"store_password\":\"hush-1\",\"key_alias\":\"hush-alias\",\"key_password\":\"hush-2\"}";
    }

    private static String both() {
        return "{\"debug\":" + profile("debug") + ",\"later\":[{}],\"release\":" + profile("release") + "}";
    }

    private AndroidMaterial read(String json) {
        return reader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachVariantHasItsOwnProfileAndAllIsForgotten() {
        AndroidMaterial material = read(both());
        SigningProfile release = Objects.requireNonNull(material.profile(Variant.RELEASE));

        assertThat(material.has(Variant.DEBUG)).isTrue();
        assertThat(release.keystore()).asString(StandardCharsets.UTF_8).isEqualTo("hush-store");
        assertThat(release.storePassword() + release.keyAlias() + release.keyPassword())
                .isEqualTo("hush-1hush-aliashush-2");
        assertThat(material + " " + release).doesNotContain(SECRETS);
        material.close();
        material.close();
        assertThat(material.has(Variant.DEBUG) || material.has(Variant.RELEASE)).isFalse();
        assertThat(release.keystore()).containsOnly(0);
    }

    @Test
    void anAbsentProfileIsNoneAndAnEmptyKeyPasswordIsTheStores() {
        assertThat(read("{}").has(Variant.RELEASE)).isFalse();
        AndroidMaterial release = read("{\"debug\":null,\"release\":"
                + profile("release").replace("hush-2", "") + "}");

        assertThat(release.has(Variant.DEBUG)).isFalse();
        assertThat(Objects.requireNonNull(release.profile(Variant.RELEASE)).keyPassword()).isEqualTo("hush-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "{", "{} {}", "{}x", "\"hush\"", "{\"release\":\"hush\"}",
            "{\"release\":[]}", "{\"release\":{}}", "{\"release\":{\"hush\"}}", "{hush:1}"})
    void trap9WhatIsNoMaterialIsNeverTakenForNone(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(WorkspaceException.class)
                .hasMessageStartingWith("the signing material from the control plane can't be used: ")
                .hasMessageNotContaining(SECRETS).hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "\"build_type\":\"release\"|\"build_type\":\"debug\"|build_type is that of another profile",
            "\"enabled\":true|\"enabled\":false|enabled is not true",
            "\"enabled\":true|\"enabled\":\"true\"|enabled is not true",
            "\"enabled\":true,||enabled is not true",
            "\"keystore_filename\":\"../up.jks\",||keystore_filename is missing",
            "\"store_password\":\"hush-1\"|\"store_password\":7|store_password is no text",
            "\"store_password\":\"hush-1\"|\"store_password\":null|store_password is no text",
            "hush-1|hush\\u0000|store_password has a control character",
            "hush-1||store_password is empty", "hush-alias||key_alias is empty",
            "hush-alias|-J-javaagent:hush|key_alias begins with - or @",
            "hush-alias|@hush|key_alias begins with - or @",
            ",\"key_password\":\"hush-2\"||key_password is missing",
            "\"key_password\"|\"store_password\":\"hush\",\"key_password\"|store_password is there twice",
            "\"key_password\"|\"keystore_base64\":\"aHVzaA==\",\"key_password\"|keystore_base64 is no text, or there twice",
            "aHVzaC1zdG9yZQ==||keystore_base64 is missing or empty",
            "aHVzaC1zdG9yZQ==|hush|", "aHVzaC1zdG9yZQ==|hush-_==|no JSON", "aHVzaC1zdG9yZQ==|aHVzaC1zdG9yZQ|no JSON"})
    void everyFieldIsChecked(String what, @Nullable String instead, @Nullable String problem) {
        String json = "{\"release\":" + profile("release").replace(what, instead == null ? "" : instead) + "}";
        if (problem == null) {
            assertThat(read(json).has(Variant.RELEASE)).isTrue();
        } else {
            assertThatThrownBy(() -> read(json)).isInstanceOf(WorkspaceException.class).hasMessageContaining(problem)
                    .hasMessageNotContaining(SECRETS).hasNoCause();
        }
    }

    @Test
    void theSameProfileTwiceIsRefused() {
        assertThatThrownBy(() -> read("{\"debug\":" + profile("debug") + ",\"debug\":" + profile("debug") + "}"))
                .hasMessageContaining("debug is there twice");
    }

    @Test
    void everythingHasALimit() {
        byte[] most = new byte[KeystoreBytes.MOST];
        Arrays.fill(most, (byte) 7);
        String exact = Base64.getEncoder().encodeToString(most);
        String over = Base64.getEncoder().encodeToString(Arrays.copyOf(most, most.length + 1));

        AndroidMaterial largest = read("{\"release\":" + profile("release").replace("aHVzaC1zdG9yZQ==", exact) + "}");
        assertThat(Objects.requireNonNull(largest.profile(Variant.RELEASE)).keystore()).isEqualTo(most);
        assertThatThrownBy(() -> read("{\"release\":" + profile("release").replace("aHVzaC1zdG9yZQ==", over) + "}"))
                .hasMessageContaining("release.keystore_base64 is longer than 5242880 bytes");
        assertThatThrownBy(() -> read(both().replace("hush-1", "h".repeat(1025))))
                .hasMessageContaining("store_password is longer than 1024 characters");
        assertThatThrownBy(() -> reader.read(new byte[MaterialReader.MOST_BYTES + 1])).hasMessageContaining("longer");
    }

    @Property(tries = 150)
    void aProfileIsReadAsItWasWritten(@ForAll @Size(min = 1, max = 20_000) byte[] keystore,
            @ForAll("texts") String password, @ForAll("texts") String alias) {
        var json = mapper.createObjectNode();
        json.putObject("debug").put("build_type", "debug").put("key_password", password).put("key_alias", "a" + alias)
                .put("keystore_base64", keystore).put("enabled", true).put("store_password", password + "x")
                .put("keystore_filename", alias);

        SigningProfile read = Objects
                .requireNonNull(reader.read(mapper.writeValueAsBytes(json)).profile(Variant.DEBUG));

        assertThat(read.keystore()).isEqualTo(keystore);
        assertThat(read.storePassword()).isEqualTo(password + "x");
        assertThat(read.keyAlias()).isEqualTo("a" + alias);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().ofMinLength(1).ofMaxLength(200).excludeChars('\0')
                .filter(text -> text.chars().noneMatch(c -> Character.isISOControl(c)
                        || Character.isSurrogate((char) c)));
    }

    @Property(tries = 150)
    void damageIsAFailureAndQuotesNothing(@ForAll("damaged") byte[] json) {
        try {
            reader.read(json).close();
        } catch (WorkspaceException e) {
            assertThat(e).hasMessageNotContaining(SECRETS).hasNoCause();
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() {
        byte[] whole = both().getBytes(StandardCharsets.UTF_8);
        return Combinators.combine(Arbitraries.integers().between(0, whole.length - 1), Arbitraries.bytes(),
                Arbitraries.integers().between(1, whole.length)).as((at, value, length) -> {
                    byte[] damaged = Arrays.copyOf(whole, Math.max(at + 1, length));
                    damaged[at] = value;
                    return damaged;
                });
    }

    @Test
    void theAnswersBytesAreOverwrittenWhateverTheyWere() {
        for (String json : new String[]{both(), "{\"release\":1}"}) {
            byte[] answer = json.getBytes(StandardCharsets.UTF_8);

            AndroidMaterial material = fetch(Mono.just(answer)).onErrorComplete().block(PATIENCE);

            assertThat(answer).containsOnly(0);
            assertThat(material == null).isEqualTo(json.length() < 20);
        }
    }

    @Test
    void nothingToAskForIsMaterialWithoutProfiles() {
        assertThat(Objects.requireNonNull(fetch(Mono.empty()).block(PATIENCE)).has(Variant.RELEASE)).isFalse();
        assertThat(Objects.requireNonNull(fetch(Mono.just(new byte[]{'{', '}'})).block(PATIENCE)).has(Variant.DEBUG))
                .isFalse();
    }

    @Test
    void trap8And9ARefusalIsPassedOnAsItIsAndNeverBecomesABuildWithoutASignature() {
        RuntimeException refused = new IllegalStateException("409 job_not_active");

        StepVerifier.create(fetch(Mono.error(refused)))
                .expectErrorSatisfies(failure -> assertThat(failure).isSameAs(refused))
                .verify(PATIENCE);
        StepVerifier.create(fetch(Mono.just(new byte[0]))).expectError(WorkspaceException.class).verify(PATIENCE);
    }

    private Mono<AndroidMaterial> fetch(Mono<byte[]> answer) {
        return new AndroidSigning(java.util.Map.of(), null, mapper, files).fetch(new JobAccess() {
            @Override
            public @Nullable SourceAccess sources() {
                return null;
            }

            @Override
            public Mono<byte[]> signing(Platform platform) {
                return platform == Platform.ANDROID ? answer : Mono.empty();
            }
        });
    }
}
