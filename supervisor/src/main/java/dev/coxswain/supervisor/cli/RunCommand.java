package dev.coxswain.supervisor.cli;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.config.FleetFileLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cox run}. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Runs the supervisor until it is told to stop.", footer = {
        "", "First SIGTERM or SIGINT: drain. Second: cancel what runs, each with a report. Third: exit."})
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Option(names = {"-c", "--config"}, required = true, paramLabel = "FILE", description = "fleet.yaml")
    private Path file = Path.of("fleet.yaml");

    @Override
    public Integer call() {
        StopSignals.ignoreReloads();
        FleetFileLoader loader = new FleetFileLoader();
        Supervisor supervisor = Objects
                .requireNonNull(Supervisor.start(() -> loader.load(file, System.getenv()), System.getenv()).block());
        new StopSignals(supervisor.fleet()).listen();
        Integer cancelled = supervisor.drained().block();
        supervisor.stop().block();
        LOG.info("stopped: cancelled={}", cancelled);
        return cancelled == null || cancelled == 0 ? ExitCodes.CLEAN : ExitCodes.CANCELLED;
    }
}
