package dev.coxswain.executors.function;

import java.nio.file.Path;
import java.util.TreeSet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.CommandEvent.Stream;
import dev.coxswain.executors.function.FunctionHost.Story;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What the code of a version may look like, and what comes of it (contract coderunner 7, trap 17). */
class FunctionFormsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    FunctionHost host;

    @BeforeEach
    void make() {
        host = new FunctionHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private ObjectNode job(String entry, String code) {
        FunctionHost.needs(entry.endsWith(".py") ? Language.PYTHON : Language.NODEJS);
        return host.job(entry, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js   | exports.handler = (payload) => ({ got: payload.n })
            index.js   | exports.handler = async (payload) => ({ got: payload.n })
            index.js   | module.exports = (payload) => Promise.resolve({ got: payload.n })
            index.cjs  | module.exports = { handler: ({ n }) => ({ got: n }) }
            main.mjs   | export const handler = async ({ n }) => ({ got: n })
            main.mjs   | export default ({ n }, context) => ({ got: context.executionId ? n : 0 })
            index.js   | Object.defineProperty(exports, '__esModule', {}); exports.default = ({ n }) => ({ got: n })
            main.py    | def handler(payload, context): return {'got': payload['n'] if context.execution_id else 0}
            main.py    | def handler(payload): return {'got': payload['n']}
            main.py    | async def handler(payload, context): return {'got': payload['n']}
            main.py    | def main(payload): return {'got': payload['n']}
            main.py    | handler = lambda payload, *rest: {'got': payload['n']}
            """)
    void aHandlerIsCalledWithThePayload(String entry, String code) {
        ObjectNode job = job(entry, code);
        job.putObject("payload").put("n", 42);

        Story story = host.run(job);

        assertThat(story.document().toString()).isEqualTo("{\"result\":{\"got\":42},\"exitCode\":null}");
        assertThat(story.log()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | const fs = require('fs'); const text = fs.readFileSync(0, 'utf8'); console.log(text === fs.readFileSync(process.env.CODERUNNER_PAYLOAD_FILE, 'utf8') ? text : 'no')
            main.mjs | import { readFileSync } from 'node:fs'; await null; setTimeout(() => console.log(readFileSync(0, 'utf8')), 1)
            index.js | const run = () => console.log(require('fs').readFileSync(0, 'utf8')); if (require.main === module) run()
            main.py  | import os, sys; text = sys.stdin.read(); print(text if text == open(os.environ['CODERUNNER_PAYLOAD_FILE']).read() else 'no')
            main.py  | import sys, threading; threading.Timer(0.01, lambda: print(sys.stdin.read())).start() if __name__ == '__main__' else None
            """)
    void aFileWithoutHandlerIsAProgramWhoseOutputIsTheResult(String entry, String code) {
        for (String kind : new String[]{"function", "job"}) {
            ObjectNode job = job(entry, code).put("kind", kind);
            job.putObject("payload").put("n", 42);

            Story story = host.run(job);

            assertThat(story.document().toString()).isEqualTo("{\"result\":{\"n\":42},\"exitCode\":0}");
            assertThat(story.log()).isEqualTo("{\"n\":42}\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = () => { let x = 1; for (let i = 0; i < 2000; i++) x = [x]; return x }
            main.py  | def handler(payload): return 10 ** 2000
            main.py  | def handler(payload): return {'k' * 60000: 1}
            """)
    void aResultThatNobodyCouldReadIsTheHandlersErrorAtOnce(String entry, String code) {
        assertThat(host.run(job(entry, code)).failure()).startsWith("[HandlerError] the result can't be taken");
    }

    /** What can be read can't always be written: answers nest it deeper. */
    @ParameterizedTest
    @ValueSource(ints = {499, 500})
    void aProgramsOutputThatIsNestedTooDeeplyIsAText(int depth) {
        String output = "[".repeat(depth) + "]".repeat(depth);

        assertThat(host.run(job("index.js", "process.stdout.write('" + output + "')")).result().asString())
                .isEqualTo(output);
    }

    @Test
    void aProgramsTextIsItsResultToo() {
        assertThat(host.run(job("index.js", "console.log('all', 'good'); console.error('aside')")).result().asString())
                .isEqualTo("all good\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | console.log('loading'); process.exitCode = 3; console.error('not good')
            main.py  | import sys; print('loading'); print('not good', file=sys.stderr); sys.exit(3)
            """)
    void aProgramThatEndsWithAnotherCodeFailsWithItsLastLine(String entry, String code) {
        Story story = host.run(job(entry, code));

        assertThat(story.failure()).isEqualTo("[Exit] exit code 3: not good");
        assertThat(story.log(Stream.STDOUT)).isEqualTo("loading\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = () => { throw new TypeError('not this\\nsecond line') }  | TypeError: not this | index.js
            index.js | exports.handler = async () => { throw new TypeError('not this\\nmore') }   | TypeError: not this | index.js
            index.js | exports.handler = () => Promise.reject('only words')                       | only words          | only words
            index.js | exports.handler = () => 10n                                                | TypeError: Do not know how to serialize a BigInt | BigInt
            index.js | exports.handler = () => new Promise(() => {})                              | Error: the handler waits for what can never happen | never happen
            index.js | exports.handler = () => new Promise(() => setTimeout(() => { throw new Error('later') }, 1)) | Error: later | index.js
            index.js | exports.handler = () => { throw new Error('a\\u001b[31mred\\rend\\u2028x') }         | Error: a [31mred end x | index.js
            index.js | throw new RangeError('at load')                                            | RangeError: at load | index.js
            index.js | exports.handler = (                                                        | SyntaxError: Unexpected end of input | SyntaxError
            main.py  | def handler(payload): raise ValueError('not this\\nsecond line')           | ValueError: not this | main.py
            main.py  | def handler(payload): return float('nan')                                  | ValueError: Out of range float values are not JSON compliant | ValueError
            main.py  | raise ValueError('at load')                                                | ValueError: at load  | main.py
            """)
    void anErrorIsToldInOneLineAndWholeInTheLog(String entry, String code, String line, String inLog) {
        Story story = host.run(job(entry, code));

        assertThat(story.failure()).startsWith("[HandlerError] " + line).doesNotContain("\n").doesNotContain("second");
        assertThat(story.log(Stream.STDERR)).contains(inLog).doesNotContain("function.mjs")
                .doesNotContain("function.py");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = () => { console.log('{"result": "wrong"}'); process.stdout.write('no end'); console.error('aside'); return 'right' }
            main.py  | import sys\\ndef handler(p):\\n  print('{"result": "wrong"}'); sys.stdout.write('no end'); print('aside', file=sys.stderr); return 'right'
            """)
    void whatIsPrintedIsTheLogAndNotTheResult(String entry, String code) {
        Story story = host.run(job(entry, code.replace("\\n", "\n")));

        assertThat(story.result().asString()).isEqualTo("right");
        assertThat(story.log(Stream.STDOUT)).isEqualTo("{\"result\": \"wrong\"}\nno end");
        assertThat(story.log(Stream.STDERR)).isEqualTo("aside\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = () => '\u00e4'.repeat(1 << 20)
            main.py  | handler = lambda payload: '\u00e4' * (1 << 20)
            """)
    void aResultThatIsTooLongIsCutAndSaysSo(String entry, String code) {
        Story story = host.run(job(entry, code));

        assertThat(story.document().path("truncated").asBoolean()).isTrue();
        assertThat(story.result().asString()).hasSize((1 << 19)).startsWith("\"\u00e4\u00e4").endsWith("\u00e4");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = () => Object.keys(process.env)
            main.py  | import os\\ndef handler(payload): return list(os.environ)
            """)
    void theEnvironmentIsCleanAndNamesTheExecution(String entry, String code) {
        ObjectNode job = job(entry, code.replace("\\n", "\n"));

        TreeSet<String> names = new TreeSet<>();
        host.run(job).result().forEach(name -> names.add(name.asString()));

        names.removeIf(name -> name.startsWith("PYTHON") || name.equals("PWD") || name.startsWith("COX_"));
        assertThat(names).containsExactly("CODERUNNER_DEFINITION_ID", "CODERUNNER_DEPLOYMENT_ID",
                "CODERUNNER_EXECUTION_ID", "CODERUNNER_PAYLOAD_FILE", "CODERUNNER_TENANT_ID", "CODERUNNER_VERSION_ID",
                "HOME", "LANG", "PATH", "TZ");
    }

    @Test
    void eachCallOfAProcessSeesItsOwnExecution() {
        ObjectNode job = job("index.js",
                "exports.handler = (payload, context) => [payload, context.executionId, process.env.CODERUNNER_EXECUTION_ID]");

        host.run(job.put("payload", "one"));
        ObjectNode second = host.again(job).put("payload", "two");

        String id = second.path("executionId").asString();
        assertThat(host.run(second).result().toString()).isEqualTo("[\"two\",\"" + id + "\",\"" + id + "\"]");
        assertThat(host.workload.stats().reuses()).isEqualTo(1);
    }

    @Test
    void aPayloadMayLieInAFileOfItsOwn() {
        ObjectNode job = job("index.js", "exports.handler = (payload) => payload.length");
        Path payload = folder.resolve("payload");
        write(payload, "\"" + "x".repeat(200_000) + "\"");

        assertThat(host.run(job.put("payloadFile", payload.toString())).result().asInt()).isEqualTo(200_000);
    }

    @Test
    void aServiceRunsOnItsPortUntilItEnds() {
        Story story = host.run(job("index.js", "console.log(process.env.PORT, require.main === module)")
                .put("kind", "service").put("port", 4711).put("timeoutMillis", 0));

        assertThat(story.log()).isEqualTo("4711 true\n");
        assertThat(story.document().toString()).isEqualTo("{\"result\":null,\"exitCode\":0}");
    }

    @Test
    void aJobThatIsNoneIsRefusedWithTheReason() {
        ObjectNode job = job("index.js", "");

        assertThat(host.run(host.again(job).put("kind", "nonsense")).failure())
                .isEqualTo("the job's kind is unknown: nonsense");
        assertThat(host.run(host.again(job).put("language", "cobol")).failure())
                .isEqualTo("the job's language is unknown: cobol");
        assertThat(host.run(host.again(job).put("code", "relative")).failure())
                .isEqualTo("the job's code is no absolute path");
    }

    private static void write(Path file, String text) {
        try {
            java.nio.file.Files.writeString(file, text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
