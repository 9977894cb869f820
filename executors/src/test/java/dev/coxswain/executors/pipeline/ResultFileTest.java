package dev.coxswain.executors.pipeline;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.JobResult;
import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ResultFileTest {
    private final ResultFile file = new ResultFile(JsonMapper.shared());

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {"{}",
            "' {\"a\":[1,{\"b\":null}]}\n'",
            "{\"title\":\"Größe 🎬\"}"})
    void oneObjectIsAResultExactlyAsWritten(String document) {
        assertThat(check(document)).isEqualTo(new JobResult.Succeeded(document, "output"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"''|is empty; expected is one JSON object",
            "' \n '|is empty; expected is one JSON object",
            "'[1]'|holds something else than a JSON object at line 1, column 1",
            "'\n \"secret\"'|holds something else than a JSON object at line 2, column 2",
            "'{}\n{}'|holds more than one JSON object at line 2, column 1",
            "'{\"a\":1'|is no complete JSON object; it ends at line 1, column 7"})
    void whatIsWrongIsToldWithItsPlace(String document, String told) {
        assertThat(check(document)).isEqualTo(new JobResult.Failed("output/result.json " + told));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'{\"a\":hunter2}'|1", "'{\n\"a\":\"x\" hunter2}'|2", "'{}\n\nhunter2'|3",
            "hunter2|1", "'{\"hunter2\n\":1}'|1", "'{\"a\":\"\\hunter2\"}'|1", "'{\"a\":1,}'|1", "'{a:1}'|1",
            "'{\"a\":NaN}'|1", "'{\"a\":01}'|1"})
    void textThatIsNoJsonIsToldByLineAndNeverQuoted(String document, int line) {
        assertThat(message(check(document)))
                .startsWith("output/result.json is not valid JSON at line " + line + ", column ")
                .doesNotContain("hunter");
    }

    @Test
    void aByteThatIsNoUtf8IsToldByItsNumber() {
        byte[] content = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(message(check(content))).isEqualTo("output/result.json is not UTF-8 at byte 7");
        assertThat(message(check(Arrays.copyOf("{\"é".getBytes(StandardCharsets.UTF_8), 3))))
                .isEqualTo("output/result.json is not UTF-8 at byte 3");
        assertThat(message(check("{}".getBytes(StandardCharsets.UTF_16BE)))).startsWith("output/result.json is not");
        assertThat(message(check("\uFEFF{}"))).contains("begins with a byte order mark");
    }

    @Test
    void nestingHasALimit() {
        assertThat(message(check("{\"a\":".repeat(100_000)))).contains("is nested too deeply");
    }

    @Test
    void aMissingFileIsToldWithWhereItWasExpected() {
        MemoryWorkspace workspace = new MemoryWorkspace(files -> Flux.empty());

        assertThat(message(read(workspace))).isEqualTo("output/result.json is missing: "
                + "the command ended with exit code 0 and left no result in $COX_OUTPUT_DIR");
    }

    @Test
    void theLimitIsEightMebibytes() {
        byte[] largest = new byte[ResultFile.MAX_BYTES];
        Arrays.fill(largest, (byte) ' ');
        largest[0] = '{';
        largest[largest.length - 1] = '}';
        byte[] tooLarge = Arrays.copyOf(largest, largest.length + 1);

        assertThat(check(largest)).isInstanceOf(JobResult.Succeeded.class);
        assertThat(message(check(tooLarge))).startsWith(
                "output/result.json can't be used; expected is a regular file of at most 8 MiB: output/result.json is longer");
    }

    private JobResult check(String document) {
        return check(document.getBytes(StandardCharsets.UTF_8));
    }

    private JobResult check(byte[] content) {
        MemoryWorkspace workspace = MemoryWorkspace.leaving(content);
        workspace.files.put("output/result.json", content);
        return read(workspace);
    }

    private JobResult read(MemoryWorkspace workspace) {
        return file.read(workspace).blockOptional(Duration.ofSeconds(60)).orElseThrow();
    }

    private static String message(JobResult result) {
        assertThat(result).isInstanceOf(JobResult.Failed.class);
        return ((JobResult.Failed) result).message();
    }
}
