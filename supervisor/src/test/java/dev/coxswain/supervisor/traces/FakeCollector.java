package dev.coxswain.supervisor.traces;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

import io.netty.handler.codec.http.HttpHeaders;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A collector that reads what it gets: OTLP over HTTP, as protobuf. */
public final class FakeCollector implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What is left of a span here. */
    public record Seen(String name, String trace, String id, String parent, long from, long until,
            Map<String, String> attributes, List<String> events, boolean isError, Map<String, String> resource) {}

    private final List<Seen> all = new CopyOnWriteArrayList<>();
    private final Sinks.Many<Seen> spans = Sinks.many().replay().all();
    public final List<HttpHeaders> headers = new CopyOnWriteArrayList<>();
    /** Everything that came, as text. */
    public final List<String> texts = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private final DisposableServer server;

    public FakeCollector() {
        server = HttpServer.create().host("127.0.0.1").port(0)
                .route(routes -> routes.post("/v1/traces", (request, response) -> request.receive().aggregate()
                        .asByteArray().flatMap(body -> {
                            headers.add(request.requestHeaders().copy());
                            if (status != 200) {
                                return response.status(status).send().then();
                            }
                            take(body);
                            return response.header("Content-Type", "application/x-protobuf").send().then();
                        })))
                .bindNow(PATIENCE);
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** From now on it answers so. */
    public void answer(int with) {
        status = with;
    }

    /** The first spans that came, in their order. */
    public List<Seen> await(int count) {
        List<Seen> first = spans.asFlux().take(count).collectList().block(PATIENCE);
        return first == null ? List.of() : first;
    }

    /** All spans of the first trace whose job has ended. */
    public List<Seen> awaitJob() {
        Seen root = spans.asFlux().filter(span -> span.name().equals("job")).blockFirst(PATIENCE);
        if (root == null) {
            throw new AssertionError("no trace came");
        }
        return now().stream().filter(span -> span.trace().equals(root.trace())).toList();
    }

    /** What has come so far. */
    public List<Seen> now() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
    }

    private void take(byte[] body) {
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(plain);
            texts.add(request.toString());
            request.getResourceSpansList().forEach(resource -> resource.getScopeSpansList().stream()
                    .flatMap(scope -> scope.getSpansList().stream())
                    .map(span -> seen(span, words(resource.getResource().getAttributesList())))
                    .forEach(span -> {
                        all.add(span);
                        spans.emitNext(span, Sinks.EmitFailureHandler.busyLooping(PATIENCE));
                    }));
        } catch (IOException e) {
            throw new AssertionError("not what OTLP says", e);
        }
    }

    private static Seen seen(Span span, Map<String, String> resource) {
        return new Seen(span.getName(), hex(span.getTraceId().toByteArray()), hex(span.getSpanId().toByteArray()),
                hex(span.getParentSpanId().toByteArray()), span.getStartTimeUnixNano(), span.getEndTimeUnixNano(),
                words(span.getAttributesList()),
                span.getEventsList().stream().map(event -> event.getName() + " " + words(event.getAttributesList()))
                        .toList(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR, resource);
    }

    private static Map<String, String> words(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey,
                each -> each.getValue().hasBoolValue()
                        ? String.valueOf(each.getValue().getBoolValue())
                        : each.getValue().getStringValue()));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
