package dev.coxswain.supervisor.cli;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.coxswain.supervisor.Supervisor;
import dev.coxswain.supervisor.config.EnvironmentRun;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.config.RunLimits;
import dev.coxswain.supervisor.fleet.Fleet;
import dev.coxswain.supervisor.notify.ServiceNotices;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code cox run}. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Runs the supervisor until it is told to stop.", footer = {
        "", "First SIGTERM or SIGINT: drain. Second: cancel what runs, each with a report. Third: exit."})
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @ArgGroup(exclusive = true, multiplicity = "1")
    private ConfigSource source;

    /** For the parser of the command line, which fills it in. */
    RunCommand() {
        this(new ConfigSource());
    }

    RunCommand(ConfigSource source) {
        this.source = source;
    }

    @Override
    public Integer call() {
        StopSignals.ignoreReloads();
        Map<String, String> environment = System.getenv();
        EnvironmentRun begin = source.load(environment);
        RunLimits limits = begin.limits();
        Supervisor supervisor = Objects
                .requireNonNull(Supervisor.start(() -> again(environment, limits), environment).block());
        Fleet fleet = supervisor.fleet();
        Integer cancelled;
        try (ServiceNotices notices = ServiceNotices.of(environment, ProcessHandle.current().pid())) {
            StopSignals signals = new StopSignals(fleet, notices);
            signals.listen();
            notices.begin(fleet::live, fleet.whenDraining());
            cancelled = supervisor.drained(limits, signals.stopAsked()).block();
            supervisor.stop().block();
        }
        LOG.info("stopped: cancelled={}", cancelled);
        return cancelled == null || cancelled == 0 ? ExitCodes.CLEAN : ExitCodes.CANCELLED;
    }

    private FleetFile again(Map<String, String> environment, RunLimits limits) {
        EnvironmentRun read = source.load(environment);
        if (!read.limits().equals(limits)) {
            LOG.warn("needs a restart: RUNNER_JOB_MAX_RUNTIME_MS or RUNNER_JOB_MAX_EMPTY_POLLS was changed");
        }
        return read.fleet();
    }
}
