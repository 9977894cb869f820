package dev.coxswain.supervisor.shard;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.coxswain.supervisor.controlplane.Credential;
import dev.coxswain.supervisor.controlplane.Secret;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * fabric8's API server in memory, with what it leaves out of the real one's: requests are carried out one at a time, and a
 * delete obeys the version it names. Remembers who holds each shard.
 */
public final class LeaseServer implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String SHARD = "-shard-";

    private final KubernetesMockServer server;
    private final Map<Integer, String> holders = new ConcurrentHashMap<>();

    public LeaseServer() {
        server = new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), new Strict(), false);
        server.init(InetAddress.getLoopbackAddress(), 0);
    }

    /** Its address. */
    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** The supervisor that holds this token's shard; empty when nobody does. */
    public String holder(String token, int shards) {
        int shard = Identity.of(new Credential("runner", new Secret(token))).shard(shards);
        return Incarnation.member(holders.getOrDefault(shard, ""));
    }

    @Override
    public void close() {
        server.destroy();
    }

    private final class Strict extends KubernetesCrudDispatcher {
        @Override
        public synchronized MockResponse dispatch(RecordedRequest request) {
            // reading it empties it
            byte[] sent = request.getBody() == null ? new byte[0] : request.getBody().readByteArray();
            JsonNode body = MAPPER.readTree(sent.length == 0 ? "{}".getBytes(UTF_8) : sent);
            if ("DELETE".equals(request.getMethod())) {
                String expected = body.path("preconditions").path("resourceVersion").asString("");
                JsonNode now = body(handleGet(request.getPath()));
                if (!expected.isEmpty()
                        && !expected.equals(now.path("metadata").path("resourceVersion").asString(""))) {
                    return new MockResponse().setResponseCode(409).setBody("{}");
                }
            }
            MockResponse answer = super.dispatch(new RecordedRequest(request.getHttpVersion(), request.method(),
                    request.getPath(), request.getHeaders(), new Buffer(sent)));
            String name = body.path("metadata").path("name").asString("");
            if (name.contains(SHARD) && answer.code() < 300) {
                holders.put(Integer.valueOf(name.substring(name.lastIndexOf('-') + 1)),
                        body.path("spec").path("holderIdentity").asString(""));
            }
            return answer;
        }

        private JsonNode body(MockResponse answer) {
            return MAPPER.readTree(answer.getBody() == null ? "{}" : answer.getBody().readUtf8());
        }
    }
}
