package dev.coxswain.executors.kubernetes;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/**
 * A cluster of one node that is this host: the part of the API that the executor calls, over real HTTP and web sockets.
 *
 * <p>
 * True to a real one: requests, answers and their order; the watch; the channels of an exec and their backpressure; commands
 * really run, with a container's clean environment; the end of a pod ends what runs in it. Not so: there is no container. The
 * image is this host, the user is this user, processes and {@code /proc} are the host's, the pod's own first process is not
 * run, a volume has no limit, and nothing is scheduled, pulled or evicted but as a test says it. For that reason it signals
 * only what it started itself or what carries the pod's own mark, and so do the programs under test.
 */
final class FakeCluster implements AutoCloseable {
    private final DisposableServer server;
    private final Map<String, FakePod> pods = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong(1);
    private final Sinks.Many<String> events = Sinks.many().replay().all();
    /** Paths with queries, and methods before them. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** Bodies of what was posted. */
    final List<String> posted = new CopyOnWriteArrayList<>();
    /** What becomes of a pod after its creation. */
    volatile UnaryOperator<PodStatus> fate = pending -> running();
    volatile @Nullable Refusal refusal;
    volatile String warning = "";

    /** Whether the next creation is carried out and answered as if it were not, after somebody has added to the pod. */
    volatile boolean losesAnAnswer;

    /**
     * How creations are refused.
     *
     * @param times after which they are not any more
     */
    record Refusal(int code, String message, AtomicInteger times) {
        Refusal(int code, String message) {
            this(code, message, new AtomicInteger(Integer.MAX_VALUE));
        }
    }

    FakeCluster() {
        server = HttpServer.create().host("127.0.0.1").port(0)
                .httpRequestDecoder(spec -> spec.maxInitialLineLength(65_536))
                .childOption(ChannelOption.SO_SNDBUF, 64 << 10)
                .handle(this::handle).bindNow(Duration.ofSeconds(10));
    }

    KubernetesClient client() {
        return new KubernetesClientBuilder().withConfig(KubernetesExecutor.tuned(new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.port()).withOauthToken("fake-token"))).build();
    }

    static PodStatus running() {
        return new PodStatusBuilder().withPhase("Running").withContainerStatuses(new ContainerStatusBuilder()
                .withName("job").withReady(true)
                .withState(new ContainerStateBuilder().withNewRunning().endRunning().build()).build()).build();
    }

    static PodStatus waiting(String reason, String message) {
        return new PodStatusBuilder().withPhase("Pending").withContainerStatuses(new ContainerStatusBuilder()
                .withName("job").withState(new ContainerStateBuilder().withNewWaiting().withReason(reason)
                        .withMessage(message).endWaiting().build())
                .build()).build();
    }

    /** The pods that there are. */
    List<Pod> pods() {
        return pods.values().stream().map(each -> each.pod).toList();
    }

    /** Emits when a pod was made. */
    Mono<String> created() {
        return events.asFlux().filter(event -> event.startsWith("{\"type\":\"ADDED\"")).next();
    }

    /** Emits when one was deleted. */
    Mono<String> gone() {
        return events.asFlux().filter(event -> event.startsWith("{\"type\":\"DELETED\"")).next();
    }

    /** A pod that somebody else made. */
    void add(Pod pod) {
        pods.put(pod.getMetadata().getName(), new FakePod(pod));
    }

    void become(String name, PodStatus status) {
        FakePod pod = java.util.Objects.requireNonNull(pods.get(name));
        pod.pod = versioned(new PodBuilder(pod.pod).withStatus(status).build());
        tell("MODIFIED", pod.pod);
    }

    /** Cuts the connections of all commands. */
    void breakConnections() {
        pods.values().forEach(pod -> pod.connections.forEach(connection -> connection.disposeNow()));
    }

    private Mono<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        requests.add(request.method() + " " + request.uri());
        String[] path = request.uri().split("\\?", 2)[0].split("/", -1);
        List<String> query = request.uri().contains("?")
                ? Arrays.stream(request.uri().split("\\?", 2)[1].split("&", -1))
                        .map(each -> URLDecoder.decode(each, StandardCharsets.UTF_8)).toList()
                : List.of();
        if (path.length > 5 && path[5].equals("events")) {
            return json(response, 200, "{\"kind\":\"EventList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":["
                    + warning + "]}");
        }
        if (path.length == 8 && path[7].equals("exec")) {
            FakePod pod = pods.get(path[6]);
            return pod == null
                    ? notFound(response, path[6])
                    : response.sendWebsocket(new FakeExec(pod, query.stream()
                            .filter(each -> each.startsWith("command=")).map(each -> each.substring(8))
                            .toList())::serve,
                            WebsocketServerSpec.builder().protocols(ExecCall.PROTOCOL).maxFramePayloadLength(4 << 20)
                                    .build());
        }
        return switch (request.method().name()) {
            case "POST" -> request.receive().aggregate().asString().flatMap(body -> create(response, body));
            case "DELETE" -> delete(response, path[6]);
            default -> path.length == 7
                    ? get(response, path[6])
                    : query.contains("watch=true") ? watch(response, query) : list(response, query);
        };
    }

    private Mono<Void> create(HttpServerResponse response, String body) {
        posted.add(body);
        Refusal refused = refusal;
        if (refused != null && refused.times().getAndDecrement() > 0) {
            return status(response, refused.code(), refused.message());
        }
        Pod pod = versioned(Serialization.unmarshal(body, Pod.class));
        String name = pod.getMetadata().getName();
        pod.getMetadata().setUid("uid-" + version.get());
        pod.setStatus(new PodStatusBuilder().withPhase("Pending").build());
        if (pods.putIfAbsent(name, new FakePod(pod)) != null) {
            return status(response, 409, "pods \"" + name + "\" already exists");
        }
        tell("ADDED", pod);
        if (losesAnAnswer) {
            losesAnAnswer = false;
            pod.getMetadata().getAnnotations().put("cni.example.org/address", "10.0.0.7");
            become(name, fate.apply(pod.getStatus()));
            return status(response, 503, "the server is going away");
        }
        return json(response, 201, Serialization.asJson(pod))
                .then(Mono.fromRunnable(() -> become(name, fate.apply(pod.getStatus()))));
    }

    private Mono<Void> get(HttpServerResponse response, String name) {
        FakePod pod = pods.get(name);
        return pod == null ? notFound(response, name) : json(response, 200, Serialization.asJson(pod.pod));
    }

    private Mono<Void> delete(HttpServerResponse response, String name) {
        FakePod pod = pods.get(name);
        if (pod == null) {
            return notFound(response, name);
        }
        return Mono.fromCallable(() -> {
            pod.end();
            return true;
        }).subscribeOn(Schedulers.boundedElastic()).then(Mono.defer(() -> {
            if (pods.remove(name) != null) {
                tell("DELETED", versioned(pod.pod));
            }
            return json(response, 200, Serialization.asJson(pod.pod));
        }));
    }

    private Mono<Void> list(HttpServerResponse response, List<String> query) {
        String items = String.join(",", pods().stream().filter(pod -> selected(pod, query))
                .map(Serialization::asJson).toList());
        return json(response, 200, "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\""
                + version.get() + "\"},\"items\":[" + items + "]}");
    }

    private Mono<Void> watch(HttpServerResponse response, List<String> query) {
        long since = query.stream().filter(each -> each.startsWith("resourceVersion=")).mapToLong(
                each -> Long.parseLong(each.substring(16))).findFirst().orElse(0);
        Flux<String> told = events.asFlux().filter(event -> {
            Pod pod = Serialization.unmarshal(event.substring(event.indexOf('{', 1), event.length() - 1), Pod.class);
            return Long.parseLong(pod.getMetadata().getResourceVersion()) > since && selected(pod, query);
        }).map(event -> event + "\n");
        return response.header("Content-Type", "application/json").sendObject(
                told.map(line -> Unpooled.wrappedBuffer(line.getBytes(StandardCharsets.UTF_8))), any -> true).then();
    }

    private static boolean selected(Pod pod, List<String> query) {
        return query.stream().filter(each -> each.startsWith("labelSelector=")).flatMap(
                each -> Arrays.stream(each.substring(14).split(",", -1))).allMatch(each -> {
                    String[] label = each.split("=", 2);
                    return label[1].equals(pod.getMetadata().getLabels().get(label[0]));
                });
    }

    private Pod versioned(Pod pod) {
        Pod next = new PodBuilder(pod).build();
        next.getMetadata().setResourceVersion(Long.toString(version.incrementAndGet()));
        return next;
    }

    private synchronized void tell(String type, Pod pod) {
        events.emitNext("{\"type\":\"" + type + "\",\"object\":" + Serialization.asJson(pod) + "}",
                Sinks.EmitFailureHandler.FAIL_FAST);
    }

    private static Mono<Void> notFound(HttpServerResponse response, String name) {
        return status(response, 404, "pods \"" + name + "\" not found");
    }

    private static Mono<Void> status(HttpServerResponse response, int code, String message) {
        return json(response, code, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":" + code
                + ",\"message\":" + Serialization.asJson(message) + "}");
    }

    private static Mono<Void> json(HttpServerResponse response, int code, String body) {
        return response.status(code).header("Content-Type", "application/json").sendString(Mono.just(body)).then();
    }

    @Override
    public void close() {
        pods.values().forEach(pod -> {
            try {
                pod.end();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        server.disposeNow(Duration.ofSeconds(5));
    }
}
