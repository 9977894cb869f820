package dev.coxswain.executors.function;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.ExecutionEvent.Streamed;
import dev.coxswain.executors.function.FunctionHost.Story;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Results that are made piece by piece: told so where somebody reads along, put together elsewhere. */
class FunctionStreamsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    FunctionHost host;

    @BeforeEach
    void make() {
        FunctionHost.needs(Language.NODEJS);
        FunctionHost.needs(Language.PYTHON);
        host = new FunctionHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private ObjectNode job(String entry, String code) {
        return host.job(entry, code.replace("\\n", "\n"));
    }

    private static List<Streamed> pieces(Story story) {
        return story.events().stream().filter(Streamed.class::isInstance).map(Streamed.class::cast).toList();
    }

    private static JsonNode head(Story story) {
        return FunctionHost.MAPPER.readTree(((Streamed.Begun) pieces(story).getFirst()).head());
    }

    private static String text(Story story) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces(story).stream().skip(1).forEach(piece -> all.writeBytes(((Streamed.Part) piece).bytes()));
        return all.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = async function* () { yield 'a'; yield 'ü' }                            | text/plain; charset=utf-8 | aü
            index.js | exports.handler = function* () { yield { n: 1 }; yield [2] }                             | application/x-ndjson      | {"n":1}\\n[2]\\n
            index.js | exports.handler = () => new Blob(['ab']).stream()                                        | application/octet-stream  | ab
            index.js | exports.handler = () => require('stream').Readable.from(['x', 'y'])                      | text/plain; charset=utf-8 | xy
            index.js | exports.handler = function* () {}                                                        | text/plain; charset=utf-8 | ~~
            main.py  | def handler(payload):\\n yield 'a'\\n yield 'ü'                                          | text/plain; charset=utf-8 | aü
            main.py  | async def handler(payload):\\n yield {'n': 1}\\n yield [2]                               | application/x-ndjson      | {"n": 1}\\n[2]\\n
            main.py  | def handler(payload): return iter([b'a', b'b'])                                          | application/octet-stream  | ab
            """)
    void theyAreToldWhileTheyAreMade(String entry, String code, String type, String expected) {
        Story story = host.run(job(entry, code).put("streams", true));

        assertThat(head(story).path("type").asString()).isEqualTo(type);
        assertThat(text(story)).isEqualTo(expected.replace("\\n", "\n"));
        assertThat(story.result().isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = () => ({ statusCode: 201, headers: { a: 'b' }, body: ['x', 'y'].values() })
            main.py  | def handler(payload): return {'statusCode': 201, 'headers': {'a': 'b'}, 'body': iter(['x', 'y'])}
            """)
    void anAnswerOfTheHandlersOwnMayHaveSuchABody(String entry, String code) {
        ObjectNode job = job(entry, code);

        Story streamed = host.run(job.deepCopy().put("streams", true));
        Story whole = host.run(host.again(job));

        assertThat(head(streamed).path("statusCode").asInt()).isEqualTo(201);
        assertThat(head(streamed).path("headers").path("a").asString()).isEqualTo("b");
        assertThat(text(streamed)).isEqualTo("xy");
        assertThat(pieces(whole)).isEmpty();
        assertThat(whole.result().path("body").asString()).isEqualTo("xy");
        assertThat(host.workload.stats().reuses()).as("the process is as it was").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = async function* () { yield 'a'; yield 'b' }           | "ab"
            index.js | exports.handler = function* () { yield { n: 1 }; yield 'b' }            | [{"n":1},"b"]
            main.py  | def handler(payload): yield from ('a', 'b')                             | "ab"
            main.py  | async def handler(payload):\\n yield {'n': 1}\\n yield 'b'              | [{"n":1},"b"]
            """)
    void whereNobodyReadsAlongTheyArePutTogether(String entry, String code, String expected) {
        Story story = host.run(job(entry, code));

        assertThat(pieces(story)).isEmpty();
        assertThat(story.result().toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = async function* () { yield 'a'; throw new Error('no more') }
            main.py  | def handler(payload):\\n yield 'a'\\n raise ValueError('no more')
            """)
    void oneThatBreaksOffFailsTheCall(String entry, String code) {
        Story story = host.run(job(entry, code).put("streams", true));

        assertThat(text(story)).isEqualTo("a");
        assertThat(story.failure()).contains("HandlerError", "no more");
    }

    /** A long result, taken one piece at a time, arrives whole and in order. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = function* () { for (let i = 0; i < 40; i++) yield String(i % 10).repeat(50000) }
            main.py  | def handler(payload):\\n for i in range(40):\\n  yield str(i % 10) * 50000
            """)
    void aLongOneArrivesWholeAtItsReadersPace(String entry, String code) {
        Story story = new Story(Objects.requireNonNull(host.events(job(entry, code).put("streams", true))
                .concatMap(Flux::just, 1).collectList().block(FunctionHost.PATIENCE)));

        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            expected.append(String.valueOf(i % 10).repeat(50_000));
        }
        assertThat(text(story)).isEqualTo(expected.toString());
        assertThat(pieces(story).stream().skip(1)).allSatisfy(
                piece -> assertThat(((Streamed.Part) piece).bytes()).hasSizeLessThanOrEqualTo(16 << 10));
    }

    /** Whoever reads nothing holds the handler up; the calls of others go on meanwhile. */
    @Test
    void aHandlerWaitsForItsReaderAndACancelEndsIt() throws IOException {
        Path count = folder.resolve("count");
        ObjectNode endless = job("index.js", "const fs = require('fs'); exports.handler = function* () {"
                + " for (let i = 0; ; i++) { fs.writeFileSync('" + count
                + "', i + '\\\\n'); yield 'x'.repeat(16384) } }")
                .put("streams", true);

        StepVerifier.create(host.events(endless).filter(Streamed.class::isInstance), 2)
                .expectNextMatches(Streamed.Begun.class::isInstance).expectNextCount(1).then(() -> {
                    ObjectNode other = endless.deepCopy().put("kind", "job").put("entry", "other.js")
                            .put("streams", false);
                    write("other.js", "exports.handler = () => 1");
                    assertThat(host.run(other).result().asInt()).isEqualTo(1);
                    // what the socket and one reading of it hold, far from endless
                    assertThat(Integer.parseInt(read(count))).isLessThan(200);
                }).thenCancel().verify(FunctionHost.PATIENCE);

        FunctionHost.await(() -> host.running() == 0);
    }

    private void write(String name, String code) {
        try {
            Files.writeString(folder.resolve("code").resolve(name), code);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void piecesThatNobodyAskedForAreNotTold() {
        Story story = host.run(job("main.py", "import glob\\nimport json\\ndef handler(payload): return 1"));

        assertThat(story.events()).noneMatch(ExecutionEvent.Streamed.class::isInstance);
    }
}
