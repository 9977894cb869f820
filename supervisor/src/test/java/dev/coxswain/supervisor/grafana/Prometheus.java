package dev.coxswain.supervisor.grafana;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Prometheus that scrapes one supervisor every second, with our rules; its data go with the folder. */
final class Prometheus implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("Listening on\" address=(127\\.0\\.0\\.1:[0-9]+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final int NOT_READY = 503;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final ChildProcess process;
    private final HttpClient client = HttpClient.newHttpClient();

    /** @param supervisor host and port of its metrics */
    Prometheus(Path folder, String supervisor) {
        try {
            Files.writeString(folder.resolve("prometheus.yml"), """
                    global: { scrape_interval: 1s, evaluation_interval: 1s }
                    rule_files: [ "%s", "%s" ]
                    scrape_configs:
                      - { job_name: coxswain, static_configs: [ { targets: [ "%s" ] } ] }
                    """.formatted(GrafanaFiles.RULES, GrafanaFiles.ALERTS, supervisor));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = new ChildProcess(new ProcessBuilder("prometheus", "--config.file=prometheus.yml",
                "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:0", "--log.format=logfmt")
                .directory(folder.toFile()),
                LISTENING);
    }

    /** What it answers to this query now, and why not if it does not. */
    JsonNode query(String expression) {
        return post("query", "query=" + encoded(expression)).path("data").path("result");
    }

    JsonNode labelValues(String selector, String label) {
        return get("label/" + label + "/values?match%5B%5D=" + encoded(selector)).path("data");
    }

    /** All rules, groups forgotten, with their health. */
    JsonNode ruleGroups() {
        return get("rules").path("data").path("groups");
    }

    private JsonNode get(String path) {
        return send(request(path).GET());
    }

    private JsonNode post(String path, String form) {
        return send(request(path).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + process.address() + "/api/v1/" + path)).timeout(PATIENCE);
    }

    /** It listens before it is ready, and says so until then. */
    private JsonNode send(HttpRequest.Builder request) {
        try {
            long start = System.nanoTime();
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            while (answer.statusCode() == NOT_READY && System.nanoTime() - start < PATIENCE.toNanos()) {
                Mono.delay(LOOK).block();
                answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            }
            if (answer.statusCode() != 200) {
                throw new IllegalArgumentException(answer.statusCode() + " " + answer.body());
            }
            return MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(process.said(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        process.close();
    }
}
