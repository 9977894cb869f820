package dev.coxswain.executors.container;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * An engine on a socket of this host: speaks the API, one connection for each request, and really runs what it is asked to,
 * but as processes of this host, whose folders a container's are. A test may say that it is to answer otherwise. On plain
 * sockets and threads, since an exec's output has no length and ends with its connection.
 */
final class FakeEngine implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.builder().build();

    final Set<String> images = ConcurrentHashMap.newKeySet();
    final Map<String, FakeContainer> all = new ConcurrentHashMap<>();
    /** Method and path of each request, in order. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** What containers and execs were to be made of. */
    final List<JsonNode> forms = new CopyOnWriteArrayList<>();
    volatile boolean rootless;

    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();
    private final Map<String, FakeExec> execs = new ConcurrentHashMap<>();
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ids = new AtomicInteger();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().daemon().name("fake-engine-", 0).factory());
    private final ServerSocketChannel server;

    /** What is done in place of what was asked; the connection is closed after it. */
    interface Trouble {
        void answer(FakeExchange exchange) throws Exception;
    }

    FakeEngine(Path socket, String image) throws IOException {
        images.add(image);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        threads.execute(this::accept);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                connections.add(connection);
                threads.execute(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            FakeExchange exchange = FakeExchange.read(connection);
            if (exchange != null) {
                requests.add(exchange.asked());
                Trouble trouble = troubles.entrySet().stream().filter(each -> exchange.asked().matches(each.getKey()))
                        .map(Map.Entry::getValue).findFirst().orElse(this::route);
                trouble.answer(exchange);
            }
        } catch (Exception e) {
            // the other side has gone, or this one is being closed
            requests.add("broken: " + e);
        } finally {
            connections.remove(connection);
        }
    }

    /** Requests whose method and path fit are answered otherwise from now on. */
    void trouble(String pattern, Trouble trouble) {
        troubles.put(pattern, trouble);
    }

    /** As asked, as if there were no trouble. */
    void route(FakeExchange exchange) throws Exception {
        List<String> path = exchange.path();
        String last = path.getLast();
        switch (exchange.method() + " " + path.getFirst()) {
            case "GET info" -> exchange.answer(200, JSON.createObjectNode().put("Rootless", rootless));
            case "GET images" -> {
                if (images.contains(String.join("/", path.subList(1, path.size() - 1)))) {
                    exchange.answer(200, JSON.createObjectNode());
                } else {
                    exchange.missing("no such image");
                }
            }
            case "POST images" -> {
                images.add(exchange.parameter("fromImage") + ":" + exchange.parameter("tag"));
                exchange.answer(200, "{\"status\":\"pulling\"}\n{\"status\":\"done\"}\n");
            }
            case "GET containers" -> {
                if (path.size() == 2) {
                    list(exchange);
                } else {
                    inspect(exchange, path.get(1));
                }
            }
            case "POST containers" -> {
                switch (last) {
                    case "create" -> create(exchange, exchange.parameter("name"));
                    case "start" -> start(exchange, path.get(1));
                    default -> exec(exchange, path.get(1));
                }
            }
            case "DELETE containers" -> delete(exchange, last);
            case "POST exec" -> {
                FakeExec exec = execs.get(path.get(1));
                if (exec == null) {
                    exchange.missing("no such exec");
                } else {
                    exec.serve(exchange, threads);
                }
            }
            default -> told(exchange, path.get(1));
        }
    }

    private void list(FakeExchange exchange) throws IOException {
        JsonNode labels = JSON.readTree(exchange.parameter("filters")).path("label");
        List<ObjectNode> found = new ArrayList<>();
        all.values().forEach(each -> {
            JsonNode own = each.form.path("Labels");
            for (JsonNode label : labels) {
                String[] wanted = label.asString().split("=", 2);
                if (!own.path(wanted[0]).asString("").equals(wanted[1])) {
                    return;
                }
            }
            found.add(JSON.createObjectNode().put("Id", each.name).put("State", each.running ? "running" : "exited")
                    .set("Labels", own));
        });
        exchange.answer(200, JSON.valueToTree(found));
    }

    private void inspect(FakeExchange exchange, String name) throws IOException {
        FakeContainer container = all.get(name);
        if (container == null) {
            exchange.missing("no such container");
            return;
        }
        ObjectNode found = JSON.createObjectNode();
        found.putObject("State").put("Running", container.running).put("OOMKilled", container.outOfMemory)
                .put("ExitCode", 137);
        exchange.answer(200, found);
    }

    private void create(FakeExchange exchange, String name) throws IOException {
        JsonNode form = exchange.json();
        forms.add(form);
        if (!images.contains(form.path("Image").asString())) {
            exchange.missing("no such image");
        } else if (all.putIfAbsent(name, new FakeContainer(name, form)) == null) {
            exchange.answer(201, JSON.createObjectNode().put("Id", name));
        } else {
            exchange.answer(409, JSON.createObjectNode().put("message", "the name is in use"));
        }
    }

    private void start(FakeExchange exchange, String name) throws IOException {
        FakeContainer container = all.get(name);
        if (container == null) {
            exchange.missing("no such container");
            return;
        }
        container.running = true;
        exchange.answer(204, "");
    }

    private void delete(FakeExchange exchange, String name) throws IOException {
        FakeContainer container = all.get(name);
        if (container == null) {
            exchange.missing("no such container");
            return;
        }
        container.end();
        all.remove(name);
        exchange.answer(204, "");
    }

    private void exec(FakeExchange exchange, String name) throws IOException {
        JsonNode form = exchange.json();
        forms.add(form);
        FakeContainer container = all.get(name);
        if (container == null) {
            exchange.missing("no such container");
        } else if (!container.running) {
            exchange.answer(409, JSON.createObjectNode().put("message", "the container is not running"));
        } else {
            String id = "exec" + ids.incrementAndGet();
            execs.put(id, new FakeExec(container, form));
            exchange.answer(201, JSON.createObjectNode().put("Id", id));
        }
    }

    private void told(FakeExchange exchange, String id) throws IOException {
        FakeExec exec = execs.get(id);
        if (exec == null || !all.containsKey(exec.container.name)) {
            exchange.missing("no such exec");
            return;
        }
        Process process = exec.process;
        ObjectNode state = JSON.createObjectNode();
        if (process == null || process.isAlive()) {
            exchange.answer(200, state.put("Running", true).putNull("ExitCode"));
        } else {
            exchange.answer(200, state.put("Running", false).put("ExitCode", process.exitValue()));
        }
    }

    @Override
    public void close() {
        all.values().forEach(FakeContainer::end);
        try {
            server.close();
            for (SocketChannel connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        threads.shutdown();
    }
}
