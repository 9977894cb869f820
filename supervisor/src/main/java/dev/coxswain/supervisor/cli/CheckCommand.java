package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

import dev.coxswain.supervisor.ClusterNeeds;
import dev.coxswain.supervisor.OnlineCheck;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.doctor.ClusterFindings;
import dev.coxswain.supervisor.doctor.Finding;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.scheduler.Schedulers;

/** {@code cox check}. */
@Command(name = "check", mixinStandardHelpOptions = true, description = "Checks a configuration: file, line, column, key and what to do.")
final class CheckCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private ConfigSource source = new ConfigSource();

    @Option(names = "--online", description = "also tries each credential at its control plane, without leasing, and asks the Kubernetes cluster what is allowed there")
    private boolean online;

    @Option(names = "--strict", description = "warnings are errors")
    private boolean strict;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        FleetFile config = source.load(System.getenv()).fleet();
        config.warnings().forEach(warning -> out.println("warning: " + warning));
        int runners = config.pools().stream().mapToInt(pool -> pool.credentials().size()).sum();
        boolean refused = strict && !config.warnings().isEmpty();
        if (online) {
            List<OnlineCheck.Result> results = Objects.requireNonNull(OnlineCheck.run(config).block());
            for (OnlineCheck.Result result : results) {
                out.println((result.accepted() ? "ok:      " : "error:   ") + result.runner() + " at "
                        + result.controlPlane() + (result.accepted() ? "" : ": " + result.problem()));
                refused |= !result.accepted();
            }
            for (Finding finding : Objects.requireNonNull(
                    new ClusterFindings(ClusterNeeds.of(config), Schedulers.boundedElastic()).all().block())) {
                out.println(switch (finding.level()) {
                    case OK -> "ok:      ";
                    case WARN -> "warning: ";
                    case MISSING -> "error:   ";
                } + finding.name() + ": " + finding.detail()
                        + (finding.hint() == null ? "" : "; " + finding.hint()));
                refused |= finding.level() == Finding.Level.MISSING
                        || (strict && finding.level() == Finding.Level.WARN);
            }
        }
        if (!refused) {
            out.println(
                    source + ": ok, " + counted(config.pools().size(), "pool") + ", " + counted(runners, "runner")
                            + ", "
                            + counted(config.slots().total(), "slot"));
        }
        out.flush();
        return refused ? ExitCodes.USAGE : ExitCodes.CLEAN;
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
