package dev.coxswain.supervisor.endtoend;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;

import dev.coxswain.supervisor.simulator.FaultProfile;
import dev.coxswain.supervisor.simulator.LocalRepository;
import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A simulated shithub server about a real repository, and its operator. */
final class ShithubServer implements AutoCloseable {
    static final String SHITHUB = "shithub";
    private static final int KEPT = 4096;
    private static final int TRIES = 50;

    private final Simulator simulator;
    private final Person operator = new Person();

    /** With one runner. */
    ShithubServer(LocalRepository repository, int jobs) {
        this(repository, jobs, FaultProfile.none());
    }

    ShithubServer(LocalRepository repository, int jobs, FaultProfile faults) {
        simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults().withProtocols(List.of(SHITHUB))
                .withJobs(jobs).withArrival(Duration.ofMillis(1)).withTokens(1).withKeepContent(KEPT)
                .withRepository(repository).withFaults(faults)).start().block());
        levers("{\"rate_limit\":0}");
    }

    Simulator simulator() {
        return simulator;
    }

    URI url() {
        return simulator.url(SHITHUB);
    }

    String token() {
        return simulator.tokens(SHITHUB).getFirst();
    }

    /** All jobs that were claimed or may be, by their number. */
    List<JsonNode> jobs() {
        return StreamSupport
                .stream(patiently("GET", "/_sim/jobs", "").spliterator(),
                        false)
                .sorted((a, b) -> Long.compare(a.path("id").asLong(), b.path("id").asLong())).toList();
    }

    JsonNode levers(String levers) {
        return patiently("POST", "/_sim/levers", levers);
    }

    /** As a person does it on the page. */
    void cancel(long job) {
        operator.send("POST", url() + "/api/v1/jobs/" + job + "/cancel", owner(), Map.of(), "{}", 202);
    }

    /** The operator's pages have the faults of all others, where there are faults: repeats what may be repeated. */
    private JsonNode patiently(String method, String path, String body) {
        for (int left = TRIES;; left--) {
            try {
                return operator.send(method, url() + path, owner(), Map.of(), body, 200);
            } catch (AssertionError | UncheckedIOException | JacksonException spoiled) {
                if (left == 1) {
                    throw spoiled;
                }
            }
        }
    }

    private String owner() {
        return Objects.requireNonNull(simulator.idTokens(SHITHUB).get("shithub-owner"));
    }

    @Override
    public void close() {
        operator.close();
        simulator.stop().block();
    }
}
