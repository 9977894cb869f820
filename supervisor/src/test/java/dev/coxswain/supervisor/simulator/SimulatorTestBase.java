package dev.coxswain.supervisor.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;

/** Starts simulators on free loopback ports, with a clock that only the test moves, and stops them. */
abstract class SimulatorTestBase {
    static final Duration LEASE = Duration.ofSeconds(60);
    static final String ELSEWHERE = "https://videos.example.org/v.mp4";

    final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T10:00:00Z"));
    private final List<Simulator> started = new ArrayList<>();
    private final List<StudioClient> clients = new ArrayList<>();

    final SimulatorConfig config(int jobs) {
        return SimulatorConfig.defaults().withClock(clock).withJobs(jobs).withTokens(4).withThreads(1);
    }

    final Simulator start(SimulatorConfig config) {
        Simulator simulator = StudioClient.now(new Simulator(config).start());
        started.add(simulator);
        return simulator;
    }

    final StudioClient client(Simulator simulator) {
        StudioClient client = new StudioClient(simulator);
        clients.add(client);
        return client;
    }

    @AfterEach
    void stopAll() {
        clients.forEach(StudioClient::close);
        started.forEach(simulator -> simulator.stop().block(Duration.ofSeconds(60)));
    }
}
