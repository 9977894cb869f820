package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The obvious program: one virtual thread for each runner, and the JDK's own HTTP client. */
final class ThreadClient implements Role {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).executor(threads)
            .build();
    private final String base;
    /** Its connection pool has no bound of its own. */
    private final Semaphore inFlight;

    ThreadClient(Order settings) {
        base = settings.text("url");
        inFlight = new Semaphore(settings.count("connections"));
    }

    @Override
    public Map<String, Double> carryOut(Order order) throws ExecutionException, InterruptedException {
        AtomicInteger left = new AtomicInteger(order.count("jobs"));
        List<Future<?>> loops = new ArrayList<>();
        for (int runner = 0; runner < order.count("runners"); runner++) {
            String token = "secret-token-of-runner-" + runner;
            loops.add(threads.submit(() -> {
                while (left.getAndDecrement() > 0) {
                    lifecycle(token);
                }
                return null;
            }));
        }
        for (Future<?> loop : loops) {
            loop.get();
        }
        return Map.of("jobs", order.number("jobs"));
    }

    private void lifecycle(String token) throws IOException, InterruptedException {
        inFlight.acquire();
        try {
            String job = Wire.projectId(post(Wire.LEASE, token, Wire.ascii("{}")));
            if (job == null) {
                throw new IllegalStateException("the server granted too few jobs");
            }
            post(Wire.HEARTBEAT, token, Wire.naming(job));
            post(Wire.COMPLETE, token, Wire.complete(job));
        } finally {
            inFlight.release();
        }
    }

    private byte[] post(String path, String token, byte[] body) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(base + path)).header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
                HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    @Override
    public void close() {
        client.close();
        threads.close();
    }
}
