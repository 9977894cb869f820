package dev.coxswain.executors.pipeline;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The sample pipeline that ships with the product makes media that others can open. */
class ShortsRenderTest {
    private static final Path EXAMPLES = Path.of("..", "deploy", "examples").toAbsolutePath().normalize();
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder = Path.of("");

    private Path output = Path.of("");

    @BeforeEach
    void needsPerl() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "perl is not installed");
        output = Files.createDirectory(folder.resolve("output"));
    }

    @Test
    void everySceneHasAPictureAndAVoiceThatDecode() throws Exception {
        Run run = render("{\"leased\":true,\"projectId\":\"p\",\"project\":{\"topic\":\"why tides \\u00e9bb\","
                + "\"style\":\"calm\",\"voiceId\":\"nova\",\"includeTts\":true}}");

        assertThat(run.code).as(run.stderr).isZero();
        JsonNode result = JSON.readTree(Files.readAllBytes(output.resolve("result.json")));
        JsonNode scenes = result.path("story").path("scenes");
        assertThat(result.path("story").path("title").asString()).isEqualTo("Why tides ébb");
        assertThat(scenes.size()).isBetween(3, 5);
        for (int number = 1; number <= scenes.size(); number++) {
            JsonNode scene = scenes.get(number - 1);
            assertThat(scene.path("imageUrl").asString()).isEqualTo("scene" + number + ".png");
            assertThat(scene.path("audioUrl").asString()).isEqualTo("scene" + number + ".wav");
            assertThat(scene.path("narration").asString()).isNotBlank();
            checkPicture(output.resolve("scene" + number + ".png"));
            checkVoice(output.resolve("scene" + number + ".wav"), scene.path("durationSeconds").intValue());
        }
        assertThat(run.stdout).contains("scene 1/" + scenes.size() + ": image 331 KiB, audio ");
        assertThat(files()).hasSize(2 * scenes.size() + 1).noneMatch(name -> name.endsWith(".part"));
        assertAssetsAreTheFiles(result);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"project\":null}", "{\"project\":{\"topic\":\"42\",\"includeTts\":\"false\"}}",
            "{\"project\":{\"topic\":null,\"style\":\"\",\"extra\":[1,{}],\"includeTts\":false}}"})
    void missingFieldsAreFineAndNobodyAskedForAVoice(String job) throws Exception {
        Run run = render(job);

        assertThat(run.code).as(run.stderr).isZero();
        JsonNode result = JSON.readTree(Files.readAllBytes(output.resolve("result.json")));
        assertThat(result.path("story").path("title").isString()).isTrue();
        assertThat(files()).noneMatch(name -> name.endsWith(".wav"));
        assertAssetsAreTheFiles(result);
    }

    @Test
    void theSameJobGivesTheSameFilesAndAnotherTopicOthers() throws Exception {
        assertThat(render("{\"project\":{\"topic\":\"bees\"}}").code).isZero();
        byte[] bees = Files.readAllBytes(output.resolve("scene1.png"));
        assertThat(render("{\"project\":{\"topic\":\"bees\"}}").code).isZero();
        assertThat(Files.readAllBytes(output.resolve("scene1.png"))).isEqualTo(bees);
        assertThat(render("{\"project\":{\"topic\":\"owls\"}}").code).isZero();
        assertThat(Files.readAllBytes(output.resolve("scene1.png"))).isNotEqualTo(bees);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|the job file is not valid JSON: a value expected at character 0",
            "'{\"a\":1} x'|the job file is not valid JSON: more text after the value at character 7",
            "'[]'|the job file holds no JSON object", "'{\"project\":7}'|project is no JSON object",
            "'{\"project\":{\"topic\":[]}}'|project.topic is no text",
            "'{\"project\":{\"includeTts\":\"maybe\"}}'|project.includeTts is neither true nor false"})
    void badInputEndsWithAReasonAndNoResult(String job, String reason) throws Exception {
        Run run = render(job);

        assertThat(run.code).isEqualTo(2);
        assertThat(run.stderr.strip()).isEqualTo("shorts-render: " + reason);
        assertThat(output.resolve("result.json")).doesNotExist();
    }

    @Test
    void theTopicsOfTheDemoAreRealAndFit() throws IOException {
        JsonNode topics = JSON.readTree(Files.readAllBytes(EXAMPLES.resolve("topics.json")));

        assertThat(topics.size()).isGreaterThanOrEqualTo(40);
        Set<String> seen = new HashSet<>();
        for (JsonNode project : topics) {
            assertThat(project.propertyNames()).containsExactlyInAnyOrder("topic", "style", "voiceId", "includeTts");
            assertThat(seen.add(project.path("topic").asString())).isTrue();
            assertThat(project.path("topic").asString()).hasSizeBetween(5, 200);
            assertThat(project.path("includeTts").isBoolean()).isTrue();
        }
    }

    private static void checkPicture(Path file) throws IOException {
        assertThat(Files.size(file)).isBetween(300_000L, 400_000L);
        BufferedImage image = Objects.requireNonNull(ImageIO.read(file.toFile()));
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(252, 448);
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y));
            }
        }
        assertThat(colours).hasSizeGreaterThan(50).contains(0xFFFFFFFF, 0xFF000000);
    }

    private static void checkVoice(Path file, int seconds) throws Exception {
        try (AudioInputStream audio = AudioSystem.getAudioInputStream(file.toFile())) {
            AudioFormat format = audio.getFormat();
            assertThat(format.getChannels()).isEqualTo(1);
            assertThat(format.getSampleSizeInBits()).isEqualTo(16);
            assertThat(format.getSampleRate()).isEqualTo(22050f);
            assertThat(audio.getFrameLength()).isEqualTo(22050L * seconds);
            byte[] samples = audio.readAllBytes();
            int loudest = 0;
            for (int i = 0; i < samples.length; i += 2) {
                loudest = Math.max(loudest, Math.abs((short) ((samples[i] & 0xff) | (samples[i + 1] << 8))));
            }
            assertThat(loudest).isBetween(10_000, 32_000);
        }
    }

    private void assertAssetsAreTheFiles(JsonNode result) throws IOException {
        List<String> assets = result.path("assets").valueStream().map(asset -> asset.path("file").asString()).toList();
        assertThat(files()).containsExactlyInAnyOrderElementsOf(
                Stream.concat(assets.stream(), Stream.of("result.json")).toList());
        result.path("assets").forEach(asset -> assertThat(asset.path("contentType").asString())
                .isEqualTo(asset.path("file").asString().endsWith(".png") ? "image/png" : "audio/wav"));
    }

    private List<String> files() throws IOException {
        try (var list = Files.list(output)) {
            return list.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    private Run render(String job) throws IOException, InterruptedException {
        Path jobFile = Files.writeString(folder.resolve("job.json"), job);
        Path stdout = folder.resolve("stdout");
        Path stderr = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(EXAMPLES.resolve("shorts-render").toString())
                .directory(folder.toFile()).redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
        builder.environment().clear();
        builder.environment().put("COX_JOB_FILE", jobFile.toString());
        builder.environment().put("COX_OUTPUT_DIR", output.toString());
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("shorts-render did not end");
        }
        return new Run(process.exitValue(), Files.readString(stdout, StandardCharsets.UTF_8),
                Files.readString(stderr, StandardCharsets.UTF_8));
    }

    private record Run(int code, String stdout, String stderr) {}
}
