package dev.coxswain.supervisor.cli;

import java.util.concurrent.Callable;

import dev.coxswain.supervisor.demo.Demo;
import dev.coxswain.supervisor.demo.DemoOptions;
import dev.coxswain.supervisor.simulator.FaultProfile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cox demo}. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = "Plays control planes and an object store, and runs a supervisor with real child processes on them.")
final class DemoCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = "--jobs", paramLabel = "N", description = "jobs, shared out over the control planes; default: ${DEFAULT-VALUE}")
    private int jobs = 24;

    @Option(names = "--runners", paramLabel = "N", description = "runners of each control plane; default: ${DEFAULT-VALUE}")
    private int runners = 8;

    @Option(names = "--once", description = "stops when all jobs are settled; exit 0 only if the ledger is clean")
    private boolean once;

    @Option(names = "--faults", paramLabel = "NAME", description = "a fault profile, chaos for all; default: none")
    private String faults = "none";

    @Option(names = "--seed", paramLabel = "N", description = "what faults come from; printed at the start")
    private long seed = System.nanoTime();

    @Override
    public Integer call() {
        if (jobs < 1 || jobs > 1_000_000 || runners < 1 || runners > 100_000) {
            throw new CliException("--jobs is 1 to 1000000, --runners 1 to 100000");
        }
        if (!FaultProfile.names().contains(faults)) {
            throw new CliException("--faults is one of " + FaultProfile.names());
        }
        Entrance.quietByDefault();
        DemoOptions options = new DemoOptions(jobs, runners, once, faults, seed,
                "1".equals(System.getenv("COX_TERMINAL")));
        return new Demo(options, spec.commandLine().getOut()).run() ? ExitCodes.CLEAN : ExitCodes.UNEXPECTED;
    }
}
