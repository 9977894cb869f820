package dev.coxswain.executors.function;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.executors.ExecutionEvent;
import dev.coxswain.executors.JobResult;
import dev.coxswain.executors.function.FunctionHost.Story;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.node.ObjectNode;

import static dev.coxswain.executors.function.FunctionHost.await;
import static dev.coxswain.executors.function.FunctionHost.awaitEnd;
import static org.assertj.core.api.Assertions.assertThat;

/** The processes of functions: which call gets which, how long they live, how they die (contract coderunner 7, 8, 11, trap 16). */
class FunctionProcessesTest {
    private static final String COUNTER = "let n = 0; exports.handler = () => ({ n: ++n, pid: process.pid })";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    @SuppressWarnings("NullAway.Init")
    FunctionHost host;

    @BeforeEach
    void make() {
        FunctionHost.needs(Language.NODEJS);
        FunctionHost.needs(Language.PYTHON);
        host = host(FunctionConfig.DEFAULTS);
    }

    private FunctionHost host(FunctionConfig config) {
        return new FunctionHost(folder, config, FunctionHost.RUNTIMES, time);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private static int number(Story story) {
        return story.result().path("n").asInt();
    }

    private static long pid(Story story) {
        return story.result().path("pid").asLong();
    }

    @Test
    void aProcessIsKeptForTheNextCallOfItsVersion() {
        ObjectNode job = host.job("index.js", COUNTER);

        List<Integer> numbers = IntStream.range(0, 4).mapToObj(i -> number(host.run(host.again(job)))).toList();

        assertThat(numbers).containsExactly(1, 2, 3, 4);
        // what it left is looked at after its end was told
        await(() -> host.workload.stats().idle() == 1);
        assertThat(host.workload.stats()).isEqualTo(new FunctionWorkload.Stats(1, 1, 3, 0));
        assertThat(host.meters.cold).hasValue(1);
        assertThat(host.meters.warm).hasValue(3);
    }

    @Test
    void nothingIsSharedWithAnotherTenant() {
        ObjectNode job = host.job("index.js", COUNTER);

        Story first = host.run(job);
        Story second = host.run(host.again(job).put("tenantId", "t-2"));

        assertThat(number(second)).isEqualTo(1);
        assertThat(pid(second)).isNotEqualTo(pid(first));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenantId", "versionId", "deploymentId", "definitionId", "code", "entry", "memoryBytes",
            "cpuMillis"})
    void aProcessIsForCallsThatHaveAllInCommonButTheirExecution(String what) {
        ObjectNode job = host.job("index.js", COUNTER);
        ObjectNode other = host.again(job);
        if (job.path(what).isNumber()) {
            other.put(what, job.path(what).asLong() + 1);
        } else {
            other.put(what, "/another");
        }

        assertThat(key(host.again(job))).isEqualTo(key(job)).isNotEqualTo(key(other));
    }

    private static WarmKey key(ObjectNode job) {
        return WarmKey.of(FunctionJob.read(FunctionHost.MAPPER, job.toString(), FunctionConfig.DEFAULTS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | const fs = require('fs'); exports.handler = () => { const left = fs.readdirSync('.'); fs.mkdirSync('d'); fs.writeFileSync('d/f', ''); return [left, process.cwd() === process.env.HOME] }
            main.py  | import os\\ndef handler(payload): left = os.listdir('.'); os.mkdir('d'); open('d/f', 'w').close(); return [left, os.getcwd() == os.environ['HOME']]
            """)
    void eachCallHasAFolderOfItsOwn(String entry, String code) {
        ObjectNode job = host.job(entry, code.replace("\\n", "\n"));

        for (int i = 0; i < 3; i++) {
            assertThat(host.run(host.again(job)).result().toString()).isEqualTo("[[],true]");
        }
        assertThat(host.workload.stats().reuses()).isEqualTo(2);
    }

    @Test
    void callsAtTheSameTimeGetProcessesOfTheirOwn() {
        ObjectNode job = host.job("index.js", "let n = 0; exports.handler = async () => {"
                + " n++; await new Promise((done) => setTimeout(done, 20)); return { n: n--, pid: process.pid }; }");

        List<Story> stories = Objects.requireNonNull(Flux.range(0, 9)
                .flatMap(i -> host.events(host.again(job)).collectList().map(Story::new), 3).collectList()
                .block(FunctionHost.PATIENCE));

        assertThat(stories).extracting(FunctionProcessesTest::number).containsOnly(1);
        assertThat(stories).extracting(FunctionProcessesTest::pid).hasSizeGreaterThanOrEqualTo(9);
        assertThat(stories.stream().map(FunctionProcessesTest::pid).distinct().count()).isBetween(3L, 5L);
    }

    @Test
    void aProcessThatNobodyCallsIsEndedAfterItsIdleTime() {
        ObjectNode job = host.job("index.js", COUNTER);
        long pid = pid(host.run(job));
        await(() -> host.workload.stats().idle() == 1);

        time.advanceTimeBy(Duration.ofMinutes(5).minusMillis(1));
        assertThat(host.workload.stats().idle()).isEqualTo(1);
        time.advanceTimeBy(Duration.ofMillis(1));

        awaitEnd(pid);
        await(() -> host.workload.stats().processes() == 0);
        assertThat(number(host.run(host.again(job)))).isEqualTo(1);
    }

    @Test
    void aCallStartsTheIdleTimeAnew() {
        ObjectNode job = host.job("index.js", COUNTER);
        for (int i = 1; i <= 3; i++) {
            assertThat(number(host.run(host.again(job)))).isEqualTo(i);
            await(() -> host.workload.stats().idle() == 1);
            time.advanceTimeBy(Duration.ofMinutes(4));
        }
    }

    @Test
    void theOneThatWaitedLongestMakesRoom() {
        host.close();
        host = host(new FunctionConfig(Duration.ofSeconds(30), Duration.ofHours(1), 2, Duration.ofMinutes(5)));
        ObjectNode job = host.job("index.js", COUNTER);

        for (String tenant : List.of("a", "b", "c", "b", "a")) {
            host.run(host.again(job).put("tenantId", tenant));
            await(() -> host.workload.stats().idle() == host.workload.stats().processes());
        }

        assertThat(host.workload.stats().processes()).isEqualTo(2);
        assertThat(host.workload.stats().reuses()).isEqualTo(1);
    }

    @Test
    void withoutRoomNothingIsKept() {
        host.close();
        host = host(new FunctionConfig(Duration.ofSeconds(30), Duration.ofHours(1), 0, Duration.ofMinutes(5)));
        ObjectNode job = host.job("index.js", COUNTER);

        assertThat(number(host.run(host.again(job)))).isEqualTo(1);
        assertThat(number(host.run(host.again(job)))).isEqualTo(1);
        assertThat(host.workload.stats().processes()).isZero();
    }

    @Test
    void aJobHasAProcessOfItsOwn() {
        ObjectNode job = host.job("index.js", COUNTER).put("kind", "job");

        assertThat(number(host.run(host.again(job)))).isEqualTo(1);
        assertThat(number(host.run(host.again(job)))).isEqualTo(1);
        assertThat(host.running()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | function | exports.handler = () => ({ pid: require('child_process').spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).pid })
            index.js | job      | exports.handler = () => ({ pid: require('child_process').spawn('sleep', ['300'], { detached: true, stdio: 'ignore' }).pid })
            main.py  | function | import subprocess\\ndef handler(payload): return {'pid': subprocess.Popen(['sleep', '300']).pid}
            main.py  | job      | import subprocess\\nprint('{"pid": %d}' % subprocess.Popen(['sleep', '300']).pid)
            """)
    void whatACallLeavesBehindIsKilledAndItsProcessNotKept(String entry, String kind, String code) {
        Story story = host.run(host.job(entry, code.replace("\\n", "\n")).put("kind", kind));

        awaitEnd(pid(story));
        await(() -> host.workload.stats().processes() == 0);
    }

    @Test
    void aCallThatIsTooLongIsKilledWithAllThatItStarted() {
        ObjectNode job = host.job("index.js", "const child = require('child_process').spawn('sleep', ['300']);"
                + "exports.handler = () => { process.on('SIGTERM', () => {}); console.log(child.pid); return new Promise(() => setInterval(() => {}, 1000)) }")
                .put("timeoutMillis", 30_000);
        AtomicLong child = new AtomicLong();

        List<ExecutionEvent> events = Objects.requireNonNull(host.events(job).doOnNext(event -> {
            if (event instanceof ExecutionEvent.Output output) {
                child.set(Long.parseLong(new String(output.bytes(), java.nio.charset.StandardCharsets.UTF_8).strip()));
                time.advanceTimeBy(Duration.ofSeconds(30));
            }
        }).collectList().block(FunctionHost.PATIENCE));

        assertThat(((ExecutionEvent.Ended) events.getLast()).result())
                .isEqualTo(new JobResult.TimedOut(
                        "[Timeout] it did not end within 30s, which is its limit, and was stopped"));
        awaitEnd(child.get());
    }

    @Test
    void aJobThatIsTooLongMayPutItsThingsInOrder() {
        ObjectNode job = host.job("main.py", """
                import signal, sys, time
                def bye(*rest):
                  print('bye'); sys.exit(0)
                signal.signal(signal.SIGTERM, bye)
                sys.stdout.write('up\\n')
                while True: time.sleep(0.05)
                """)
                .put("kind", "job").put("timeoutMillis", 0);

        Story story = new Story(Objects.requireNonNull(host.events(job).doOnNext(event -> {
            if (event instanceof ExecutionEvent.Output output && output.bytes()[0] == 'u') {
                time.advanceTimeBy(Duration.ofHours(1));
            }
        }).collectList().block(FunctionHost.PATIENCE)));

        assertThat(story.end()).isInstanceOf(JobResult.TimedOut.class);
        assertThat(story.log()).isEqualTo("up\nbye\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | const all = []; exports.handler = () => { for (;;) all.push(new Array(1000).fill(all.length)) }
            main.py  | def handler(payload): return len(bytearray(1 << 34))
            """)
    void theLanguagesOwnLimitIsToldAsOutOfMemory(String entry, String code) {
        assertThat(host.run(host.job(entry, code).put("memoryBytes", 128L << 20)).failure())
                .startsWith("[OutOfMemory] ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | const all = []; exports.handler = () => new Promise(() => { all.push(Buffer.alloc(200 << 20, 1)); setInterval(() => {}, 1000); console.log('held') })
            main.py  | import time\\ndef handler(payload):\\n  all = bytearray(200 << 20)\\n  for i in range(0, len(all), 4096): all[i] = 1\\n  print('held')\\n  time.sleep(300)
            main.py  | import subprocess\\ndef handler(payload): subprocess.run(['python3', '-c', 'import time; all = bytearray(b"1") * (200 << 20); print("held", flush=True); time.sleep(300)'])
            """)
    void whatHoldsMoreThanItMayIsKilled(String entry, String code) {
        ObjectNode job = host.job(entry, code.replace("\\n", "\n")).put("memoryBytes", 128L << 20);

        assertThat(host.run(job).failure())
                .isEqualTo("[OutOfMemory] it held more memory than it may, which is 128 MiB");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            index.js | exports.handler = () => { console.error('so long'); process.exit(3) }              | [Exit] exit code 3 before the call was over: so long
            index.js | exports.handler = () => { process.kill(process.pid, 'SIGKILL'); for (;;); }        | [Exit] it was killed, exit code 137 before the call was over
            main.py  | import sys\\ndef handler(payload): sys.exit(0)                                     | [Exit] exit code 0 before the call was over
            """)
    void aProcessThatEndsInACallFailsItAndIsReplaced(String entry, String code, String message) {
        ObjectNode job = host.job(entry, code.replace("\\n", "\n"));

        assertThat(host.run(host.again(job)).failure()).isEqualTo(message);
        assertThat(host.run(host.again(job)).failure()).isEqualTo(message);
    }

    @Test
    void aProcessThatDiedWhileItWaitedCostsNoCall() {
        ObjectNode job = host.job("index.js", COUNTER);
        for (int i = 0; i < 3; i++) {
            Story story = host.run(host.again(job));
            assertThat(number(story)).isEqualTo(1);
            ProcessHandle.of(pid(story)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void whatAProcessWritesBetweenCallsIsDroppedAndCounted() {
        ObjectNode job = host.job("index.js", "exports.handler = (late) => {"
                + " if (late) setTimeout(() => console.log('late'), 1); console.log('in time'); return 1; }");

        assertThat(host.run(job.put("payload", true)).log()).isEqualTo("in time\n");
        await(() -> host.workload.stats().droppedBytes() == "late\n".length());

        assertThat(host.run(host.again(job).put("payload", false)).log()).isEqualTo("in time\n");
        assertThat(host.workload.stats().reuses()).isEqualTo(1);
    }

    @Test
    void muchOutputIsOnlyReadAsItIsDemandedAndAllOfItIsTheCalls() {
        ObjectNode job = host.job("main.py",
                "def handler(payload):\n  for i in range(payload): print('x' * 99)\n  return 'done'");
        for (int lines : new int[]{20_000, 10, 20_000}) {
            Story story = new Story(Objects.requireNonNull(host.events(host.again(job).put("payload", lines))
                    .limitRate(1).collectList().block(FunctionHost.PATIENCE)));

            assertThat(story.log()).hasSize(100 * lines).matches("[x\\n]*");
            assertThat(story.result().asString()).isEqualTo("done");
        }
        assertThat(host.workload.stats().reuses()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "job", "service"})
    void aCancelKills(String kind) {
        ObjectNode job = host
                .job("index.js",
                        "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(process.pid)")
                .put("kind", kind);
        AtomicLong pid = new AtomicLong();

        StepVerifier.create(host.events(job).ofType(ExecutionEvent.Output.class)).assertNext(output -> pid
                .set(Long.parseLong(new String(output.bytes(), java.nio.charset.StandardCharsets.UTF_8).strip())))
                .thenCancel()
                .verify(FunctionHost.PATIENCE);

        awaitEnd(pid.get());
        await(() -> host.running() == 0 && host.workload.stats().processes() == 0);
    }

    @Test
    void aCallThatIsCancelledAtAnyMomentLeavesNothing() {
        ObjectNode job = host.job("index.js", COUNTER);
        for (int millis = 0; millis < 120; millis += 15) {
            host.events(host.again(job)).take(Duration.ofMillis(millis), Schedulers.parallel())
                    .blockLast(FunctionHost.PATIENCE);
        }

        await(() -> host.workload.stats().processes() == host.workload.stats().idle()
                && host.running() == host.workload.stats().idle());
        assertThat(host.workload.stats().idle()).isLessThanOrEqualTo(1);
    }

    @Test
    void theEndOfTheWorkloadIsTheEndOfItsProcesses() {
        long pid = pid(host.run(host.job("index.js", COUNTER)));

        host.workload.end().block(FunctionHost.PATIENCE);

        awaitEnd(pid);
        assertThat(host.workspaces()).isEmpty();
    }

    @Test
    void aWorkspaceMayLieDeeperThanASocketsNameMayBeLong() {
        host.close();
        host = new FunctionHost(folder.resolve("deep".repeat(20)).resolve("deeper".repeat(20)), FunctionConfig.DEFAULTS,
                FunctionHost.RUNTIMES, time);

        assertThat(number(host.run(host.job("index.js", COUNTER)))).isEqualTo(1);
    }

    @Test
    void aLanguageThatThisHostHasNotIsSaid() {
        host.close();
        Runtimes none = Runtimes.look(Map.of("PATH", folder.toString()));
        host = new FunctionHost(folder, FunctionConfig.DEFAULTS, none, time);

        assertThat(none.found()).isEmpty();
        assertThat(host.run(host.job("index.js", COUNTER)).failure())
                .isEqualTo("[NoRuntime] node is not on this host (looked in PATH " + folder + ")");
        assertThat(host.run(host.job("main.csx", "")).failure())
                .startsWith("[NoRuntime] dotnet script is not on this host");
    }

    @Test
    void aScriptIsRunByTheCommandThatIsConfigured() throws Exception {
        host.close();
        Path program = folder.resolve("csx");
        Files.writeString(program, """
                #!/bin/sh
                [ "$1" = --version ] && { echo 1.5.0; exit; }
                echo '{"not": "this"}'
                printf '["%s", %s, "%s"]\\n' "$(basename "$1")" "$(cat)" "$DOTNET_GCHeapHardLimit"
                echo done
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Runtimes runtimes = Runtimes.look(System.getenv(), Map.of(Language.DOTNET_SCRIPT, List.of(program.toString())));
        host = new FunctionHost(folder, FunctionConfig.DEFAULTS, runtimes, time);

        assertThat(runtimes.found().get(Language.DOTNET_SCRIPT))
                .isEqualTo(new LanguageRuntime(List.of(program.toString()), "1.5.0"));
        Story story = host.run(host.job("main.csx", "").put("payload", 7));
        assertThat(story.document().toString()).isEqualTo("{\"result\":[\"main.csx\",7,\"0xc000000\"],\"exitCode\":0}");
    }
}
