package dev.coxswain.supervisor.controlplane.xenonflare;

import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.ArtifactRequest;
import dev.coxswain.supervisor.controlplane.InvalidResultException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StudioResultTest {
    private static final JsonMapper EXACT = ExactJson.of(Studio.MAPPER);

    @Test
    void namesBecomeUploadsAndUploadsBecomeReferences() throws Exception {
        String document = """
                {"story":{"title":"t","scenes":[
                   {"narration":"hi","imageUrl":"pics/s1.png","audioUrl":"s1.mp3","durationSeconds":"6.50"},
                   {"imageUrl":"voice.png"},
                   {"narration":"there","imageUrl":"https://cdn.example/x.png?t=1"}]},
                 "videoFile":"final cut.mp4",
                 "assets":[{"file":"out/speech 1.mp3","path":"s1.mp3","contentType":"audio/mp3"},
                           {"file":"raw.png","path":"voice.png","contentType":"IMAGE/PNG; charset=x"},
                           {"file":"final cut.mp4","path":"final.mp4"},
                           {"file":"extra.webp"}]}""";

        assertThat(plan(document)).containsExactly(
                new ArtifactRequest("out/speech 1.mp3", "s1.mp3", "audio/mpeg"),
                new ArtifactRequest("raw.png", "voice.png", "image/png"),
                new ArtifactRequest("final cut.mp4", "final.mp4", null),
                new ArtifactRequest("extra.webp", "extra.webp", null),
                new ArtifactRequest("pics/s1.png", "pics/s1.png", null));
        assertThat(compose(document)).isEqualTo("{\"projectId\":\"p1\",\"story\":{\"title\":\"t\",\"scenes\":["
                + "{\"narration\":\"hi\",\"imageUrl\":\"https://cdn/pics/s1.png\",\"audioUrl\":\"https://cdn/s1.mp3\","
                + "\"durationSeconds\":6.50},{\"imageUrl\":\"https://cdn/voice.png\"},"
                + "{\"narration\":\"there\",\"imageUrl\":\"https://cdn.example/x.png?t=1\"}]},"
                + "\"videoUrl\":\"https://cdn/final.mp4\"}");
    }

    @Test
    void theSameFileNamedTwiceIsOneUpload() throws Exception {
        assertThat(plan("{\"story\":{\"scenes\":[{\"imageUrl\":\"a.png\"},{\"imageUrl\":\"a.png\"}]},"
                + "\"assets\":[{\"file\":\"a.png\"},{\"file\":\"a.png\",\"contentType\":\"image/png\"}]}"))
                .containsExactly(new ArtifactRequest("a.png", "a.png", "image/png"));
    }

    @Test
    void whatIsAbsentIsLeftOut() throws Exception {
        assertThat(compose("{\"story\":null,\"videoUrl\":\"https://cdn.example/v.mp4\",\"assets\":null}"))
                .isEqualTo("{\"projectId\":\"p1\",\"videoUrl\":\"https://cdn.example/v.mp4\"}");
        assertThat(compose("{\"story\":{\"scenes\":[{\"narration\":\"n\",\"imageUrl\":null,\"mood\":null}]}}"))
                .isEqualTo("{\"projectId\":\"p1\",\"story\":{\"scenes\":[{\"narration\":\"n\",\"mood\":null}]}}");
        assertThat(compose("{\"videoUrl\":\"v.mp4\"}"))
                .isEqualTo("{\"projectId\":\"p1\",\"videoUrl\":\"https://cdn/v.mp4\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nope", "[]", "null", "{}", "{\"story\":null}", "{\"assets\":[{\"file\":\"a.png\"}]}",
            "{\"story\":[]}", "{\"story\":{}}", "{\"story\":{\"scenes\":{}}}", "{\"story\":{\"scenes\":[7]}}",
            "{\"story\":{\"scenes\":[{}]}}", "{\"story\":{\"scenes\":[{\"narration\":\" \"}]}}",
            "{\"story\":{\"scenes\":[{\"narration\":7}]}}", "{\"videoUrl\":7}", "{\"videoUrl\":\"\"}",
            "{\"videoUrl\":\"http://a.example/v.mp4\"}", "{\"videoUrl\":\"//a.example/v.mp4\"}",
            "{\"videoUrl\":\"data:video/mp4;base64,AA\"}", "{\"videoUrl\":\"file:///etc/passwd\"}",
            "{\"videoUrl\":\"v.mp4\",\"videoFile\":\"v.mp4\"}", "{\"videoFile\":\"../v.mp4\"}",
            "{\"videoFile\":\"/etc/v.mp4\"}", "{\"videoFile\":\"a/./v.mp4\"}", "{\"videoFile\":\"v\"}",
            "{\"videoFile\":\"my video.mp4\"}", "{\"videoFile\":\"v.mp4\",\"assets\":{}}",
            "{\"videoFile\":\"v.mp4\",\"assets\":[\"a.png\"]}", "{\"videoFile\":\"v.mp4\",\"assets\":[{}]}",
            "{\"videoFile\":\"v.mp4\",\"assets\":[{\"file\":\"a.png\",\"contentType\":\"png\"}]}",
            "{\"videoFile\":\"v.mp4\",\"assets\":[{\"file\":\"a.png\",\"contentType\":\"audio/mpeg\"}]}",
            "{\"videoFile\":\"v.mp4\",\"assets\":[{\"file\":\"../../etc/passwd\",\"path\":\"a.png\"}]}",
            "{\"videoFile\":\"v.mp4\",\"assets\":[{\"file\":\"a\\\\b.png\",\"path\":\"a.png\"}]}"})
    void aResultOutsideTheRulesIsRefusedInOneLine(String document) {
        assertThatThrownBy(() -> plan(document)).isInstanceOf(InvalidResultException.class)
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n").hasSizeLessThan(400));
    }

    @ParameterizedTest
    @CsvSource({"6,true", "0.1,true", "600,true", "\" 6e0 \",true", "\"599.9\",true", "0,false", "-1,false",
            "600.001,false", "1e400,false", "1e-400,true", "\"NaN\",false", "\"1e999\",false", "\"\",false",
            "true,false", "[],false", "\"6s\",false"})
    void aDurationIsANumberOfSecondsUpToTenMinutes(String value, boolean good) {
        String json = value.startsWith("\"") || !value.contains(" ") ? value : '"' + value + '"';
        String text = "{\"story\":{\"scenes\":[{\"narration\":\"n\",\"durationSeconds\":" + json + "}]}}";

        if (good) {
            assertThat(plans(text)).isTrue();
        } else {
            assertThat(plans(text)).isFalse();
        }
    }

    @Test
    void aNameWithoutAnUploadFailsBeforeComplete() {
        assertThatThrownBy(() -> StudioResult.read(EXACT, "{\"videoFile\":\"v.mp4\"}").body("p1", Map.of()))
                .isInstanceOf(InvalidResultException.class).hasMessageContaining("v.mp4");
        assertThatThrownBy(() -> StudioResult.read(EXACT, "{\"videoFile\":\"v.mp4\"}").body("p1",
                Map.of("v.mp4", "http://cdn.example/v.mp4"))).isInstanceOf(InvalidResultException.class)
                .hasMessageContaining("https");
    }

    @Test
    void aVideoUrlHasALimit() {
        String url = "https://cdn.example/" + "v".repeat(2_028);
        assertThat(plansAndComposes("{\"videoUrl\":\"" + url + "\"}")).isTrue();
        assertThat(plansAndComposes("{\"videoUrl\":\"" + url + "v\"}")).isFalse();
    }

    @Test
    void aThousandFilesAreEnough() {
        String assets = java.util.stream.IntStream.range(0, 1_001).mapToObj(i -> "{\"file\":\"f" + i + ".png\"}")
                .collect(Collectors.joining(","));
        assertThatThrownBy(() -> plan("{\"videoUrl\":\"https://a/v.mp4\",\"assets\":[" + assets + "]}"))
                .isInstanceOf(InvalidResultException.class).hasMessageContaining("1000");
    }

    @Provide
    Arbitrary<String> values() {
        Arbitrary<String> numbers = Arbitraries.of("1.10", "0.1000", "123456789012345678901234567890", "-0.0", "1E+400",
                "3.141592653589793238462643383279", "true", "null", "\"\\u00e4\"", "\"scene1.png\"");
        return Arbitraries.lazyOf(() -> numbers, () -> values().list().ofMaxSize(2).map(list -> "[" + String.join(",",
                list) + "]"), () -> values().map(value -> "{\"imageUrl\":" + value + "}"));
    }

    @Property(tries = 150)
    void unknownKeysSurviveUnchanged(@ForAll("values") String value) throws Exception {
        String document = "{\"story\":{\"meta\":" + value + ",\"scenes\":[{\"narration\":\"n\",\"extra\":" + value
                + "}]}}";

        JsonNode sent = EXACT.readTree(compose(document));

        JsonNode given = EXACT.readTree(document);
        assertThat(sent.path("story").toString()).isEqualTo(given.path("story").toString());
        assertThat(compose(document)).contains("\"meta\":" + EXACT.readTree(value));
    }

    private static java.util.List<ArtifactRequest> plan(String document) throws InvalidResultException {
        return StudioResult.read(EXACT, document).uploads();
    }

    private static String compose(String document) throws InvalidResultException {
        StudioResult result = StudioResult.read(EXACT, document);
        Map<String, String> references = result.uploads().stream()
                .collect(Collectors.toMap(ArtifactRequest::path, request -> "https://cdn/" + request.path()));
        return EXACT.writeValueAsString(result.body("p1", references));
    }

    private static boolean plans(String document) {
        try {
            plan(document);
            return true;
        } catch (InvalidResultException e) {
            return false;
        }
    }

    private static boolean plansAndComposes(String document) {
        try {
            compose(document);
            return true;
        } catch (InvalidResultException e) {
            return false;
        }
    }
}
