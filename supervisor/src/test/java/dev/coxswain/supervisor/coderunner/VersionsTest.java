package dev.coxswain.supervisor.coderunner;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.coxswain.supervisor.controlplane.FleetClock;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class VersionsTest {
    @TempDir
    Path dir;
    private final Sinks.Empty<Void> mayGoOn = Sinks.empty();
    private volatile boolean holding;
    private TestServer server;

    @BeforeEach
    void start() {
        server = begin();
    }

    private TestServer begin() {
        return new TestServer(dir, TestServer.config(CoderunnerLimits.DEFAULT), FleetClock.system(),
                Schedulers.parallel(),
                (key, code, language) -> holding
                        ? mayGoOn.asMono().then(TestServer.entry(key, code, language))
                        : TestServer.entry(key, code, language),
                port -> Mono.just(true));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anUploadIsProcessedBesideItsAnswer() {
        String definition = server.definition(1);
        byte[] zip = Zips.of("index.js", "module.exports.handler = () => 1", "lib/a.js", "1");

        TestServer.Answer answer = server.upload(definition, zip);

        JsonNode data = answer.data();
        String id = data.get("versionId").stringValue();
        assertThat(data.get("id").stringValue()).isEqualTo(id);
        assertThat(data.get("status").intValue()).isEqualTo(1);
        assertThat(data.get("definitionId").stringValue()).isEqualTo(definition);
        JsonNode version = server.ended(id);
        assertThat(version.get("status").intValue()).isEqualTo(3);
        assertThat(version.get("statusName").stringValue()).isEqualTo("Completed");
        assertThat(version.get("entryPoint").stringValue()).isEqualTo("index.js");
        assertThat(version.get("description").stringValue()).isEqualTo("first");
        assertThat(version.get("size").longValue()).isEqualTo(zip.length);
        assertThat(version.get("sha256").stringValue()).hasSize(64);
        assertThat(dir.resolve("coderunner/code/" + id + "/lib/a.js")).hasContent("1");
        TestServer.until(() -> Files.exists(dir.resolve("coderunner/archives/" + id + ".zip")), there -> !there);
        assertThat(server.get("/api/version/definition?definitionid=" + definition.toUpperCase(Locale.ROOT)).data()
                .get(0).get("versionId").stringValue()).isEqualTo(id);
    }

    @Test
    void aVersionWaitsForRoomOnTheDisk() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        AtomicInteger tries = new AtomicInteger();
        Sinks.Empty<Void> full = Sinks.empty();
        try (TestServer filled = new TestServer(dir.resolve("filled"), TestServer.config(CoderunnerLimits.DEFAULT),
                FleetClock.of(time), time, (key, code, language) -> Mono.defer(() -> {
                    if (tries.getAndIncrement() > 0) {
                        return TestServer.entry(key, code, language);
                    }
                    return Mono.<String>error(new FileSystemException(code.toString(), null, "No space left on device"))
                            .doOnTerminate(full::tryEmitEmpty);
                }), port -> Mono.just(true))) {
            String id = filled.upload(filled.definition(1), Zips.of("index.js", "x")).data().get("id").stringValue();
            full.asMono().block(TestServer.PATIENCE);
            TestServer.until(() -> Files.exists(dir.resolve("filled/coderunner/preparing/" + id)), there -> !there);
            assertThat(filled.get("/api/version/" + id).data().get("status").intValue()).isEqualTo(2);
            String other = filled.version(filled.definition(1));
            assertThat(other).as("others keep their places").isNotEqualTo(id);

            JsonNode ended = TestServer.until(() -> {
                time.advanceTimeBy(Duration.ofSeconds(3));
                return filled.get("/api/version/" + id).data();
            }, view -> view.get("status").intValue() >= 3);
            assertThat(ended.get("status").intValue()).isEqualTo(3);
            assertThat(tries).hasValue(3);
        }
    }

    @Test
    void trap05theEndOfAVersionIs3Or4() {
        String id = server.upload(server.definition(1), Zips.of("other.txt", "x")).data().get("id").stringValue();

        JsonNode failed = server.ended(id);
        assertThat(failed.get("status").intValue()).isEqualTo(4);
        assertThat(failed.get("statusMessage").stringValue()).contains("no entry point");
        assertThat(dir.resolve("coderunner/code/" + id)).doesNotExist();
    }

    @Test
    void trap06deployRightAfterUploadIsRefusedWithTheStatus() {
        holding = true;
        String definition = server.definition(1);
        String id = server.upload(definition, Zips.of("index.js", "x")).data().get("id").stringValue();

        TestServer.Answer early = server.deploy(definition, id, "{}");
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.message()).containsPattern("[12] \\((Pending|Processing)\\)");
        assertThat(server.delete("/api/version/" + id).status()).isEqualTo(409);
        assertThat(server.delete("/api/definitions/" + definition).status()).isEqualTo(409);
        mayGoOn.tryEmitEmpty();
        server.ended(id);
        assertThat(server.deploy(definition, id, "{}").status()).isEqualTo(200);
    }

    @Test
    void aRestartBeginsTheProcessingAgain() {
        holding = true;
        String id = server.upload(server.definition(1), Zips.of("index.js", "x")).data().get("id").stringValue();
        TestServer.until(() -> server.get("/api/version/" + id).data(), view -> view.get("status").intValue() == 2);
        server.close();
        holding = false;

        server = begin();

        assertThat(server.ended(id).get("status").intValue()).isEqualTo(3);
    }

    @Test
    void trap14aVersionThatALiveDeploymentUsesIsKept() {
        String definition = server.definition(1);
        String version = server.version(definition);
        String deployment = server.deployment(definition, version);

        assertThat(server.delete("/api/version/" + version).status()).isEqualTo(409);
        server.delete("/api/deployment/" + deployment);
        assertThat(server.delete("/api/version/" + version).data().get("id").stringValue()).isEqualTo(version);
        assertThat(dir.resolve("coderunner/code/" + version)).doesNotExist();
        assertThat(server.delete("/api/version/" + version).status()).isEqualTo(404);
    }

    @Test
    void trap15twoUploadsAtOnceAreTwoVersionsWithTheirOwnFolders() {
        String definition = server.definition(1);
        List<String> ids = Stream.of("one", "two").parallel().map(text -> server.upload(definition,
                Zips.of("index.js", text)).data().get("id").stringValue()).toList();

        ids.forEach(server::ended);
        assertThat(dir.resolve("coderunner/code/" + ids.get(0) + "/index.js")).hasContent("one");
        assertThat(dir.resolve("coderunner/code/" + ids.get(1) + "/index.js")).hasContent("two");
    }

    @Test
    void badUploadsAreRefusedAtOnce() {
        String definition = server.definition(1);
        String path = "/api/file/" + definition + "/upload";

        assertThat(server.post(path, "{}").status()).isEqualTo(415);
        assertThat(server.upload(definition, new byte[0]).status()).isEqualTo(400);
        assertThat(server.upload(definition, "no zip at all".getBytes(StandardCharsets.UTF_8)).message())
                .contains("no ZIP");
        assertThat(multipart(path, "--b\r\n\r\n").status()).isEqualTo(400);
        assertThat(multipart(path, "--b--\r\n").status()).isEqualTo(400);
        assertThat(multipart(path, "").status()).isEqualTo(400);
        assertThat(multipart(path, "--b\r\nContent-Disposition: form-data; name=\"Description\"\r\n\r\nx\r\n--b--\r\n")
                .message()).contains("'file'");
        assertThat(multipart(path, "--b\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n"
                + "x".repeat(1_025) + "\r\n--b\r\nContent-Disposition: form-data; name=\"FILE\"; filename=\"a\"\r\n\r\n"
                + "PK\u0003\u0004\r\n--b--\r\n").message()).contains("Description");
        assertThat(server.send(server.request(path).header("Content-Type", "multipart/form-data")
                .POST(HttpRequest.BodyPublishers.ofString("x"))).status()).isEqualTo(400);
        assertThat(server.get("/api/version/definition?DefinitionId=" + definition).data().size()).isZero();
        assertThat(dir.resolve("coderunner/incoming")).isEmptyDirectory();
    }

    private TestServer.Answer multipart(String path, String body) {
        return server.send(server.request(path).header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** The decoder runs into errors of its own there, and names its classes. */
    @ParameterizedTest
    @ValueSource(strings = {"X: y", "Content-Disposition: form-data", "Content-Disposition: form-data; name=\"\"",
            "Content-Disposition: form-data; name=\"file\"; filename*=odd",
            "Content-Disposition: form-data; name=\"file\"; filename*=UTF-8''%zz",
            "Content-Disposition: form-data; name=\"file\"\r\nContent-Type: multipart/mixed",
            "Content-Disposition: form-data; name=\"file\"\r\nContent-Type: text/plain; charset=odd",
            "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Transfer-Encoding: odd"})
    void anOddPartIsTheSendersError(String headers) {
        String definition = server.definition(1);

        TestServer.Answer answer = multipart("/api/file/" + definition + "/upload",
                "--b\r\n" + headers + "\r\n\r\nPK\r\n--b--\r\n");

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.message()).doesNotContain("java.", "io.netty", "null");
    }

    @Test
    void oddFormsAreTheSendersErrorToo() {
        String path = "/api/file/" + server.definition(1) + "/upload";

        assertThat(multipart(path, "--b\r\nContent-Disposition: form-data; name=\"p\"\r\n\r\nx\r\n".repeat(40))
                .message()).contains("more than 32 parts");
        assertThat(multipart(path, "--b\r\nContent-Disposition: form-data; name=\"" + "p".repeat(20_000)
                + "\"\r\n\r\nx\r\n--b--\r\n").message()).contains("bytes of headers");
        assertThat(server.send(server.request(path).header("Content-Type", "multipart/form-data; boundary=")
                .POST(HttpRequest.BodyPublishers.ofString("x"))).status()).isEqualTo(400);
        assertThat(server.send(server.request(path).header("Content-Type", "multipart/form-dataX; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString("x"))).status()).isEqualTo(415);
        assertThat(dir.resolve("coderunner/incoming")).isEmptyDirectory();
    }

    @Test
    void aFileNeedsNoName() {
        String definition = server.definition(1);
        // long enough to lie on the disk while it comes
        byte[] zip = Zips.of("index.js", "x", "noise",
                new Random(1).ints(40_000).mapToObj(Integer::toString).collect(Collectors.joining()));
        byte[] form = new String(Zips.multipart("b", zip), StandardCharsets.ISO_8859_1)
                .replace("; filename=\"code.zip\"", "").getBytes(StandardCharsets.ISO_8859_1);

        TestServer.Answer answer = server.send(server.request("/api/file/" + definition + "/upload")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofByteArray(form)));

        assertThat(server.ended(answer.data().get("versionId").stringValue()).get("status").intValue()).isEqualTo(3);
    }

    @Test
    void partNamesCaseOrderAndOthersDoNotMatter() {
        String definition = server.definition(1);
        String zip = new String(Zips.of("index.js", "x"), StandardCharsets.ISO_8859_1);
        TestServer.Answer answer = server.send(server.request("/api/file/" + definition + "/upload")
                .header("Content-Type", "multipart/form-data; boundary=\"b\"")
                .POST(HttpRequest.BodyPublishers.ofByteArray(("--b\r\nContent-Disposition: form-data; name=\"extra\"; "
                        + "filename=\"e\"\r\n\r\nignored\r\n--b\r\nContent-Disposition: form-data; name=\"FILE\"; "
                        + "filename=\"../../x\"\r\nContent-Type: text/plain\r\n\r\n" + zip + "\r\n--b--\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1))));

        assertThat(server.ended(answer.data().get("versionId").stringValue()).get("status").intValue()).isEqualTo(3);
    }

    @Test
    void aDefinitionHasSoManyVersions() {
        String definition = server.definition(1);
        for (int i = 0; i < 50; i++) {
            assertThat(server.upload(definition, Zips.of("index.js", "x")).status()).isEqualTo(200);
        }

        TestServer.Answer tooMany = server.upload(definition, Zips.of("index.js", "x"));
        assertThat(tooMany.status()).isEqualTo(409);
        assertThat(tooMany.message()).contains("50 versions");
    }
}
