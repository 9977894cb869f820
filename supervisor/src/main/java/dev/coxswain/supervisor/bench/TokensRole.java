package dev.coxswain.supervisor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.coxswain.supervisor.simulator.Simulator;
import dev.coxswain.supervisor.simulator.SimulatorConfig;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A workspace control plane without jobs; writes the tokens of its runners to a file. */
final class TokensRole implements Role {
    static final String PROTOCOL = "xenonflare-workspace";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Simulator simulator;

    TokensRole(Order settings) throws IOException {
        simulator = Objects.requireNonNull(new Simulator(SimulatorConfig.defaults().withProtocols(List.of(PROTOCOL))
                .withJobs(0).withTokens(settings.count("tokens"))).start().block(PATIENCE));
        Path file = Files.createFile(Path.of(settings.text("file")),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, simulator.credentials(PROTOCOL));
    }

    @Override
    public Map<String, Double> carryOut(Order order) {
        return switch (order.what()) {
            case "port" -> Map.of("port", (double) simulator.url(PROTOCOL).getPort());
            case "asked" -> Map.of("requests", asked());
            case "requests" -> Map.of("requests", (double) simulator.ledger().requests(PROTOCOL));
            default -> throw new IllegalArgumentException("no order " + order.what());
        };
    }

    /** Waits until somebody asks for a job; how often that was, 0 when nobody did. */
    private double asked() {
        Long requests = Flux.interval(LOOK).map(tick -> simulator.ledger().requests(PROTOCOL))
                .filter(count -> count > 0).next().timeout(PATIENCE, Mono.just(0L)).block();
        return Objects.requireNonNull(requests);
    }

    @Override
    public void close() {
        simulator.stop().block(PATIENCE);
    }
}
