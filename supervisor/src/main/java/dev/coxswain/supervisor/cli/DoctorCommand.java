package dev.coxswain.supervisor.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import dev.coxswain.supervisor.ClusterNeeds;
import dev.coxswain.supervisor.config.FleetFile;
import dev.coxswain.supervisor.controlplane.FleetClock;
import dev.coxswain.supervisor.doctor.ClusterFindings;
import dev.coxswain.supervisor.doctor.Doctor;
import dev.coxswain.supervisor.doctor.Finding;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reactor.core.scheduler.Schedulers;

/** {@code cox doctor}. */
@Command(name = "doctor", mixinStandardHelpOptions = true, description = "Says what this host can do for jobs.")
final class DoctorCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Option(names = {"-c",
            "--config"}, paramLabel = "FILE", description = "its folders are looked at, and the Kubernetes cluster that it uses is asked what is allowed there")
    private @Nullable Path file;

    @Option(names = "--state-dir", paramLabel = "DIR", description = "default: the configuration's, else .coxswain in the current folder")
    private @Nullable Path stateDir;

    @Option(names = "--work-dir", paramLabel = "DIR", description = "default: the configuration's, else work in the state folder")
    private @Nullable Path workDir;

    @Option(names = "--clock-url", paramLabel = "URL", description = "a server whose Date header this host's clock is compared with")
    private @Nullable URI clockUrl;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        FleetFile config = file == null ? null : new ConfigSource(file).load(System.getenv()).fleet();
        Path state = stateDir != null ? stateDir : config != null ? config.stateDir() : Path.of(".coxswain");
        Path work = workDir != null
                ? workDir
                : config != null && stateDir == null ? config.workDir() : state.resolve("work");
        List<Finding> findings = new ArrayList<>(Objects.requireNonNull(
                new Doctor(state.toAbsolutePath(), work.toAbsolutePath(), clockUrl, FleetClock.system(),
                        Schedulers.boundedElastic()).examine().block()));
        if (config != null) {
            findings.addAll(Objects.requireNonNull(
                    new ClusterFindings(ClusterNeeds.of(config), Schedulers.boundedElastic()).all().block()));
        }
        int width = findings.stream().mapToInt(finding -> finding.name().length()).max().orElse(1);
        for (Finding finding : findings) {
            out.printf(Locale.ROOT, "%-7s %-" + width + "s  %s%n", finding.level().name().toLowerCase(Locale.ROOT),
                    finding.name(), finding.detail());
            if (finding.hint() != null) {
                out.printf(Locale.ROOT, "%-7s %-" + width + "s  → %s%n", "", "", finding.hint());
            }
        }
        out.flush();
        return ExitCodes.CLEAN;
    }
}
