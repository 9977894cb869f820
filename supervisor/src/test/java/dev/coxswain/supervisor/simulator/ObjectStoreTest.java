package dev.coxswain.supervisor.simulator;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ObjectStoreTest extends SimulatorTestBase {
    private static final byte[] CONTENT = "a picture".getBytes(StandardCharsets.UTF_8);

    private Simulator simulator;
    private StudioClient client;
    private String putUrl;
    private String publicUrl;

    @BeforeEach
    void signOne() {
        simulator = start(config(1).withUrlLifetime(Duration.ofSeconds(30)));
        client = client(simulator);
        JsonNode upload = client.sign(0, client.lease(0), "scenes/one picture.png", "image/png").json().path("uploads")
                .path(0);
        putUrl = upload.path("uploadUrl").stringValue();
        publicUrl = upload.path("publicUrl").stringValue();
    }

    @Test
    void whatWasSentIsThereWithItsSizeAndChecksum() {
        assertThat(client.put(putUrl, "image/png", CONTENT).status()).isEqualTo(200);

        JsonNode stored = client.get(publicUrl).json();
        assertThat(stored.path("size").intValue()).isEqualTo(CONTENT.length);
        assertThat(stored.path("contentType").stringValue()).isEqualTo("image/png");
        assertThat(stored.path("path").stringValue()).isEqualTo("scenes/one picture.png");
        java.util.zip.CRC32C checksum = new java.util.zip.CRC32C();
        checksum.update(CONTENT);
        assertThat(stored.path("crc32c").stringValue()).isEqualTo("%08x".formatted(checksum.getValue()));
    }

    @Test
    void thePublicUrlIsTheSignedOneWithoutItsQuery() {
        assertThat(putUrl).startsWith(publicUrl + "?");
    }

    @Test
    void contentIsGivenBackWhereItIsKept() {
        Simulator keeper = start(config(1).withKeepContent(1024));
        StudioClient to = client(keeper);
        JsonNode upload = to.sign(0, to.lease(0), "a.png", "image/png").json().path("uploads").path(0);
        to.put(upload.path("uploadUrl").stringValue(), "image/png", CONTENT);

        StudioClient.Reply reply = to.get(upload.path("publicUrl").stringValue());
        assertThat(reply.body()).isEqualTo("a picture");
        assertThat(reply.headers().get("Content-Type")).isEqualTo("image/png");
    }

    @Test
    void aChangedByteOfTheUrlIsARefusal() {
        String tail = putUrl.substring(putUrl.indexOf("&X-Goog-Signature="));
        assertThat(tail).contains("+").contains("%2B").contains("%2f");

        for (String changed : new String[]{putUrl.replace("%2B", "%2b"), putUrl.replace("%2f", "/"),
                putUrl.replace("%2f", "%2F"), putUrl.replace("+%2B", "%2B%2B"), putUrl.replace("+%2B", "++"),
                putUrl.replace("%20", "+"), putUrl.replace("%3D", "="), putUrl.replace("~", "%7E"),
                putUrl.replace("%3Bhost", ";host"), putUrl + "&more=1", publicUrl, putUrl.replace(".png", ".jpg")}) {
            StudioClient.Reply reply = client.put(changed, "image/png", CONTENT);
            assertThat(reply.status()).as(changed).isEqualTo(403);
            assertThat(reply.body()).contains("<Code>SignatureDoesNotMatch</Code>");
        }
        assertThat(client.put(putUrl, "image/png", CONTENT).status()).isEqualTo(200);
    }

    @Test
    void anotherContentTypeIsARefusal() {
        for (String type : new String[]{"image/jpeg", "image/png; charset=utf-8", "IMAGE/PNG"}) {
            StudioClient.Reply reply = client.put(putUrl, type, CONTENT);
            assertThat(reply.status()).as(type).isEqualTo(403);
            assertThat(reply.body()).contains("SignatureDoesNotMatch");
            assertThat(reply.headers().get("Content-Type")).startsWith("application/xml");
        }
        assertThat(client.put(putUrl, Map.of("Content-Length", "9"), CONTENT).status()).isEqualTo(403);
    }

    @Test
    void anExpiredUrlIsARefusalOfItsOwn() {
        clock.advance(Duration.ofSeconds(30));
        StudioClient.Reply reply = client.put(putUrl, "image/png", CONTENT);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("<Code>ExpiredToken</Code>");
    }

    @Test
    void chunkedBodiesAreRefused() {
        int status = StudioClient.now(HttpClient.newConnection().headers(h -> h.set("Content-Type", "image/png")).put()
                .uri(URI.create(putUrl)).send(Flux.range(0, 3).map(i -> Unpooled.wrappedBuffer(CONTENT)))
                .responseSingle((head, body) -> body.asString().thenReturn(head.status().code())));

        assertThat(status).isEqualTo(411);
    }

    @Test
    void otherMethodsAreRefused() {
        assertThat(StudioClient.now(client.send(HttpMethod.DELETE, URI.create(publicUrl), Map.of(), null)).status())
                .isEqualTo(405);
        assertThat(client.get(publicUrl).status()).isEqualTo(404);
    }
}
